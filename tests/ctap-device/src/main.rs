//! The authentication agent as a CTAP 2.1 device over standard input and output.
//!
//! For tests: real models judge a filmed person who does as asked, and the store is a plain file. It stands for no
//! product; who wants one has to seal the store and bring a camera.
//!
//! A message is four bytes of length (big-endian), one byte that says what it is, and the rest: 0x10 a command or its
//! answer, 0x11 the platform takes its command back, 0x3b still waiting (as in CTAPHID, CTAP 2.1 11.2.9).

mod device;
mod options;
mod pipe;
mod store;

use std::process::ExitCode;

use authentication_agent::ctap::Authenticator;

use device::Device;
use options::Options;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("ctap-device: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let Some(options) = Options::read()? else {
        return Ok(());
    };
    let (commands, pipe) = pipe::open();
    let mut device = Device::open(options, pipe)?;
    let mut authenticator = Authenticator::new(&mut device);
    // Ends with the platform's end of the pipe.
    for command in commands {
        let answer = authenticator.answer(&command, &mut device);
        device.pipe().answer(&answer)?;
    }
    Ok(())
}
