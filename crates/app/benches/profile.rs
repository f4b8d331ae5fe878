//! Not a measurement but its fixture: `profile <root> <orders>` makes a real profile with imported orders of today.
//!
//! Its key goes into the keystore of the session it runs in, as with a technician.

mod common;

use common::Failed;
use doorstep_app::dto::NewProfile;
use std::path::PathBuf;

fn main() -> Result<(), Failed> {
    let mut args = common::arguments();
    let root = args.next().map(PathBuf::from).ok_or("which folder?")?;
    let orders = args.next().ok_or("how many orders?")?.parse()?;
    let app = common::app(&root);
    let boot = app
        .start_real(&NewProfile {
            name: "王建国".to_owned(),
            staff_no: "3107".to_owned(),
            phone: "0571-88000000".to_owned(),
            pin: "1234".to_owned(),
            passphrase: None,
        })
        .map_err(|e| common::refused(&e))?;
    common::import(&app, &boot, orders)
}
