//! scratch
#[path = "../tests/support/models.rs"] mod models;
#[path = "../tests/support/y4m.rs"] mod y4m;
use biometric_system::*;
fn main() {
    let system = models::load();
    let a: Vec<String> = std::env::args().collect();
    let video = y4m::Video::open(&a[1]);
    let every: usize = a[2].parse().unwrap();
    for start in a[3..].iter().map(|s| s.parse::<usize>().unwrap()) {
        let mut e = Enrolment::start(CeremonyId::new([0; 32]));
        let (mut last, mut n) = (None, 0);
        for k in 0..2 * video.len() / every {
            let i = (start + k * every) % video.len();
            let s = e.offer(system, video.frame(i, (k * every) as f64 * 1000.0 / 15.0));
            let now = (s.guidance, s.captured);
            if last != Some(now) { print!("[{:.1}s {} {}] ", (k * every) as f64 / 15.0, s.guidance.as_str(), s.captured); last = Some(now); }
            n += 1;
            if s.complete { break; }
        }
        println!("\nstart {start}: {n} frames -> {:?}", e.finish().map(|_| "ok"));
    }
}
