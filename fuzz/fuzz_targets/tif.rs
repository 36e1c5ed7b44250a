//! Any bytes named `x.tif` import or are refused; nothing panics.
#![no_main]

use breiband_import::{SourceFile, import};
use breiband_model::{Context, Input, Options, Silent};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let file = SourceFile { input: Input::auto("x.tif"), bytes: bytes.into() };
    let _ = import(&[file], &Options::default(), &mut Context::new(&mut Silent));
});
