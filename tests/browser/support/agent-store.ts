// The agent's own store in the browser, read and damaged from inside its origin, as malware in the profile would.
import type { Frame } from '@playwright/test';
import type { Visitor } from './visitor.ts';

function agentFrame(visitor: Visitor): Frame {
  const frame = visitor.page.frames().find((each) => each.url().startsWith(visitor.origins.agent));
  if (frame === undefined) throw new Error("the agent's frame is not there");
  return frame;
}

/** Keys of all sealed rows, in every database of the agent's origin. */
export async function sealedRows(visitor: Visitor): Promise<string[]> {
  return agentFrame(visitor).evaluate(async () => {
    const keys: string[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name ?? '');
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      // Everything but the device key, which holds nothing of a person.
      for (const store of [...database.objectStoreNames].filter((each) => each !== 'device-keys')) {
        const found = await new Promise<IDBValidKey[]>((resolve) => {
          const listing = database.transaction(store).objectStore(store).getAllKeys();
          listing.onsuccess = () => resolve(listing.result);
        });
        keys.push(...found.map(String));
      }
      database.close();
    }
    return keys;
  });
}

/** Flips the last bit of every byte array in the rows whose key begins like that; done twice, it is undone. */
export async function flipSealed(visitor: Visitor, prefix: string): Promise<number> {
  return agentFrame(visitor).evaluate(async (begin) => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('mien');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    const flip = (value: unknown): number => {
      const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
      if (bytes instanceof Uint8Array) {
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        return 1;
      }
      if (typeof bytes !== 'object' || bytes === null) return 0;
      return Object.values(bytes).reduce((sum: number, part) => sum + flip(part), 0);
    };
    let flipped = 0;
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction('sealed', 'readwrite');
      const walk = transaction.objectStore('sealed').openCursor();
      walk.onsuccess = () => {
        const cursor = walk.result;
        if (cursor === null) return;
        if (String(cursor.key).startsWith(begin)) {
          const { value } = cursor;
          flipped += flip(value);
          cursor.update(value);
        }
        cursor.continue();
      };
      transaction.oncomplete = () => resolve();
      transaction.onerror = () => reject(transaction.error);
    });
    database.close();
    return flipped;
  }, prefix);
}
