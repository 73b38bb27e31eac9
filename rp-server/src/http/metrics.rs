//! Counters and durations for the operator. They say nothing about persons: every label is from a closed set.

use std::fmt;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::Method;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::problem::Problem;

/// Media type of [`Metrics::render`].
pub(super) const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A ceremony that is counted.
#[derive(Clone, Copy)]
pub(crate) enum Ceremony {
    Registration,
    Authentication,
    Deregistration,
}

impl Ceremony {
    const ALL: [Self; 3] = [
        Self::Registration,
        Self::Authentication,
        Self::Deregistration,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Authentication => "authentication",
            Self::Deregistration => "deregistration",
        }
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Ended {
    ceremony: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Refused {
    ceremony: &'static str,
    code: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Told {
    code: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Call {
    method: &'static str,
    path: String,
}

/// The metrics of one service.
pub(crate) struct Metrics {
    registry: Registry,
    ceremonies: Family<Ended, Counter>,
    refusals: Family<Refused, Counter>,
    problems: Family<Told, Counter>,
    durations: Family<Call, Histogram, fn() -> Histogram>,
    rate_limited: Counter,
    store_errors: Counter,
    panics: Counter,
}

/// Anyone can invent methods too.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

/// From a read out of memory to the time limit of a body, in seconds.
fn histogram() -> Histogram {
    Histogram::new([
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
    ])
}

impl Default for Metrics {
    #[rustfmt::skip] // One row each.
    fn default() -> Self {
        let mut registry = Registry::with_prefix("mien");
        let ceremonies = Family::default();
        let refusals = Family::default();
        let problems = Family::default();
        let constructor: fn() -> Histogram = histogram;
        let durations = Family::new_with_constructor(constructor);
        let (rate_limited, store_errors, panics) = (Counter::default(), Counter::default(), Counter::default());
        registry.register("ceremonies", "Ceremonies that ended, by outcome", Family::clone(&ceremonies));
        registry.register("refusals", "Ceremonies that were refused, by the code of the problem document", Family::clone(&refusals));
        registry.register("problems", "API calls that ended with a problem document, by its code", Family::clone(&problems));
        registry.register_with_unit("http_request_duration", "Time from the head of an API call to its answer, by route", Unit::Seconds, durations.clone());
        registry.register("rate_limited", "Calls refused by the rate limit", rate_limited.clone());
        registry.register("store_errors", "API calls that failed because the store did", store_errors.clone());
        registry.register("panics", "Calls that ended in a fault of the program", panics.clone());
        // What has not happened yet is a zero, not a gap.
        for ceremony in Ceremony::ALL.map(Ceremony::as_str) {
            for outcome in ["ok", "refused"] {
                let _ = ceremonies.get_or_create(&Ended { ceremony, outcome });
            }
        }
        Self { registry, ceremonies, refusals, problems, durations, rate_limited, store_errors, panics }
    }
}

impl Metrics {
    /// Counts how a ceremony ended.
    pub(super) fn ended<T>(&self, ceremony: Ceremony, result: &Result<T, Problem>) {
        let ceremony = ceremony.as_str();
        let outcome = if result.is_ok() { "ok" } else { "refused" };
        self.ceremonies
            .get_or_create(&Ended { ceremony, outcome })
            .inc();
        if let Err(problem) = result {
            let code = problem.code().as_str();
            self.refusals
                .get_or_create(&Refused { ceremony, code })
                .inc();
        }
    }

    /// Counts an answer of the API. `problem` is what it says, if it says one.
    pub(super) fn answered(
        &self,
        request: &HttpRequest,
        problem: Option<&Problem>,
        took: Duration,
    ) {
        // The pattern of the route, not the path: paths hold names of credentials, and anyone can invent more.
        let call = Call {
            method: known(request.method()),
            path: request.match_pattern().unwrap_or_default(),
        };
        if !call.path.is_empty() {
            self.durations
                .get_or_create(&call)
                .observe(took.as_secs_f64());
        }
        if let Some(problem) = problem {
            let code = problem.code().as_str();
            self.problems.get_or_create(&Told { code }).inc();
            if problem.is_of_store() {
                self.store_errors.inc();
            }
        }
    }

    pub(super) fn rate_limited(&self) {
        self.rate_limited.inc();
    }

    pub(super) fn panicked(&self) {
        self.panics.inc();
    }

    /// The text that Prometheus reads (OpenMetrics 1.0).
    pub(super) fn render(&self) -> Result<String, fmt::Error> {
        let mut out = String::new();
        text::encode(&mut out, &self.registry)?;
        Ok(out)
    }
}
