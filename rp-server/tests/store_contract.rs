//! What every store promises: the same cases on SQLite and on PostgreSQL, each through two openings of one database.

mod ceremonies;
mod deregistration;
mod durability;
mod errors;
mod records;

use crate::support::database::Database;
use crate::support::parties::Parties;

/// Two stores on one database, as two server processes have them.
struct Two {
    database: Database,
    a: Parties,
    b: Parties,
}

impl Two {
    async fn on(database: Database) -> Self {
        let (a, b) = (database.open().await, database.open().await);
        Self {
            a: Parties::on(a).await,
            b: Parties::on(b).await,
            database,
        }
    }
}

/// Makes a test of each case for each store.
macro_rules! on_both {
    ($($module:ident: $($case:ident),+;)+) => {
        mod sqlite {
            $($(#[actix_web::test]
            async fn $case() {
                super::$module::$case(super::Two::on(super::Database::sqlite().await).await).await;
            })+)+
        }

        mod postgres {
            $($(#[actix_web::test]
            async fn $case() {
                super::$module::$case(super::Two::on(super::Database::postgres().await).await).await;
            })+)+
        }
    };
}

on_both! {
    records:
        a_registration_writes_account_credential_and_session_together,
        a_taken_name_or_credential_id_changes_nothing,
        of_registrations_of_one_name_at_once_one_is_written,
        an_authentication_advances_the_record_and_replaces_the_session,
        what_user_verification_there_was_is_kept,
        of_two_advances_of_one_counter_one_counts,
        sessions_are_touched_and_ended,
        sessions_are_listed_and_all_but_one_end,
        failures_are_counted_listed_and_forgotten,
        accounts_are_listed_by_name;
    ceremonies:
        a_ceremony_is_taken_once,
        of_takers_at_once_one_gets_the_ceremony,
        what_has_ended_is_forgotten_and_nothing_else,
        a_secret_stays_the_first;
    deregistration:
        a_deregistered_credential_is_dead_also_for_what_was_under_way,
        the_callers_session_outlives_its_credential_while_the_account_lives,
        a_barred_credential_id_is_not_registered_until_its_time,
        a_statement_and_a_registration_at_once_never_both_succeed,
        an_authentication_at_once_leaves_no_session_behind,
        a_second_credential_at_once_is_kept_with_its_account_or_refused;
    durability:
        what_was_written_is_there_when_opened_again,
        a_write_that_cannot_be_finished_leaves_nothing;
}
