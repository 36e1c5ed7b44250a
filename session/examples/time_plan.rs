//! The native side of `cargo xtask bench-wasm`: a folder of files to a plan through the session, its digest on standard
//! output, the seconds on standard error. `cargo run --release -p breiband-session --example time_plan -- data/sample`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "its output")]

use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("which folder?")?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_file() && !name.ends_with(".md") && !name.starts_with("MANIFEST") {
            files.push((name, std::fs::read(path)?));
        }
    }
    files.sort();
    let start = Instant::now();
    println!("{}", breiband_session::digest(files)?);
    eprintln!("{:.3}", start.elapsed().as_secs_f64());
    Ok(())
}
