//! Step 17 where policy does not require user verification.

use super::*;

#[test]
fn step_17_policy_may_leave_it_to_an_authenticator_of_others() {
    for policy in [UserVerification::Preferred, UserVerification::Discouraged] {
        let present = || {
            with(|case| {
                case.user_verification = policy;
                case.flags = UP;
            })
        };
        let after = present().passes().after();
        assert!(!after.user_verified);
        assert!(after.uv_initialized, "it was verified before");
        let mut verified = present();
        verified.flags = UP | UV;
        assert!(verified.passes().after().user_verified);
        let mut ours = present();
        ours.record.aaguid = MIEN_AAGUID;
        ours.refused("user not verified");
    }
}
