//! Reads files and prints what they hold: `cargo run -p breiband-import --example read -- FILE…`

use breiband_import::{SourceFile, import};
use breiband_model::{Context, Input, Options, Silent, count_by_code};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = Vec::new();
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?.into();
        files.push(SourceFile { input: Input::auto(path), bytes });
    }
    if files.is_empty() {
        // Without files: one road and one house.
        let road = br#"{"type":"LineString","coordinates":[[6.15,62.47],[6.16,62.47]]}"#;
        let house = b"id,lon,lat\nh1,6.155,62.4701\n";
        files.push(SourceFile { input: Input::auto("roads.geojson"), bytes: road[..].into() });
        files.push(SourceFile { input: Input::auto("houses.csv"), bytes: house[..].into() });
    }
    let staged = import(&files, &Options::default(), &mut Context::new(&mut Silent))?;
    let region = &staged.value;
    let (ways, premises, buildings) = (region.ways.len(), region.premises.len(), region.buildings.len());
    #[expect(clippy::print_stdout, reason = "an example's output")]
    {
        println!("{ways} ways, {premises} premises, {buildings} buildings");
        println!("{:?}", count_by_code(&staged.issues));
    }
    Ok(())
}
