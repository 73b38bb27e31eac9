//! IndexedDB as futures: open the database, read, and write several rows in one transaction.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbFactory, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest,
    IdbTransactionMode,
};

use super::VaultError;

const DATABASE: &str = "mien";
const VERSION: u32 = 1;
/// Holds the device key, a `CryptoKey` that structured clone can store but no script can read.
pub(super) const DEVICE_KEYS: &str = "device-keys";
/// Holds sealed rows only.
pub(super) const SEALED: &str = "sealed";

/// An open connection; closed on drop, so that another tab can upgrade or delete the database.
pub(super) struct Connection(IdbDatabase);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// A change to the store of sealed rows.
pub(super) enum Write {
    Put(String, JsValue),
    Delete(String),
}

impl Connection {
    /// Opens the database, creating its two stores at first use.
    ///
    /// # Errors
    /// [`VaultError::Blocked`] when the browser refuses storage to this page.
    pub(super) async fn open() -> Result<Self, VaultError> {
        let factory: IdbFactory = Reflect::get(&js_sys::global(), &"indexedDB".into())
            .ok()
            .and_then(|value| value.dyn_into().ok())
            .ok_or(VaultError::Blocked)?;
        let open = factory
            .open_with_u32(DATABASE, VERSION)
            .map_err(|_| VaultError::Blocked)?;
        let upgrade = Closure::once(upgrade);
        open.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
        let database = finished(&open).await.map_err(|_| VaultError::Blocked)?;
        Ok(Self(database.dyn_into().map_err(|_| VaultError::Blocked)?))
    }

    pub(super) async fn get(&self, store: &str, key: &str) -> Result<Option<JsValue>, VaultError> {
        let request = self
            .store(store)?
            .get(&key.into())
            .map_err(VaultError::from_js)?;
        let value = finished(&request).await.map_err(VaultError::from_js)?;
        Ok((!value.is_undefined()).then_some(value))
    }

    /// Keys of all sealed rows that begin with `prefix`.
    pub(super) async fn keys(&self, prefix: &str) -> Result<Vec<String>, VaultError> {
        let range = IdbKeyRange::bound(&prefix.into(), &format!("{prefix}\u{ffff}").into())
            .map_err(VaultError::from_js)?;
        let request = self
            .store(SEALED)?
            .get_all_keys_with_key(&range)
            .map_err(VaultError::from_js)?;
        let keys = finished(&request).await.map_err(VaultError::from_js)?;
        Ok(js_sys::Array::from(&keys)
            .iter()
            .filter_map(|key| key.as_string())
            .collect())
    }

    /// Adds the device key, unless another tab was faster: then that one stays.
    pub(super) async fn add_device_key(&self, name: &str, key: &JsValue) -> Result<(), VaultError> {
        let transaction = self
            .0
            .transaction_with_str_and_mode(DEVICE_KEYS, IdbTransactionMode::Readwrite)
            .map_err(VaultError::from_js)?;
        let store = transaction
            .object_store(DEVICE_KEYS)
            .map_err(VaultError::from_js)?;
        let added = store
            .add_with_key(key, &name.into())
            .map_err(VaultError::from_js)?;
        match finished(&added).await {
            Ok(_) => completed(&transaction).await,
            Err(error) if error_name(&error) == "ConstraintError" => Ok(()),
            Err(error) => Err(VaultError::from_js(error)),
        }
    }

    /// Makes all changes or none, and returns when the browser has committed them.
    pub(super) async fn write(&self, changes: Vec<Write>) -> Result<(), VaultError> {
        let transaction = self
            .0
            .transaction_with_str_and_mode(SEALED, IdbTransactionMode::Readwrite)
            .map_err(VaultError::from_js)?;
        let store = transaction
            .object_store(SEALED)
            .map_err(VaultError::from_js)?;
        for change in changes {
            match change {
                Write::Put(key, value) => store.put_with_key(&value, &key.into()),
                Write::Delete(key) => store.delete(&key.into()),
            }
            .map_err(VaultError::from_js)?;
        }
        completed(&transaction).await
    }

    fn store(&self, name: &str) -> Result<IdbObjectStore, VaultError> {
        self.0
            .transaction_with_str(name)
            .and_then(|transaction| transaction.object_store(name))
            .map_err(VaultError::from_js)
    }
}

fn upgrade(event: web_sys::Event) {
    let database = event
        .target()
        .and_then(|target| target.dyn_into::<IdbOpenDbRequest>().ok())
        .and_then(|request| request.result().ok())
        .and_then(|result| result.dyn_into::<IdbDatabase>().ok());
    if let Some(database) = database {
        for store in [DEVICE_KEYS, SEALED] {
            // A failure here aborts the version change, which `open` then reports.
            let _ = database.create_object_store(store);
        }
    }
}

/// Waits for one request. The error is the request's own `DOMException`.
async fn finished(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let settled: Promise = Promise::new(&mut |resolve: Function, reject: Function| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(settled).await {
        Ok(_) => request.result(),
        Err(_) => Err(request
            .error()
            .ok()
            .flatten()
            .map_or(JsValue::NULL, Into::into)),
    }
}

async fn completed(transaction: &web_sys::IdbTransaction) -> Result<(), VaultError> {
    let settled: Promise = Promise::new(&mut |resolve: Function, reject: Function| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    JsFuture::from(settled)
        .await
        .map(|_| ())
        .map_err(|_| VaultError::from_js(transaction.error().map_or(JsValue::NULL, Into::into)))
}

pub(super) fn error_name(error: &JsValue) -> String {
    Reflect::get(error, &"name".into())
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or_default()
}
