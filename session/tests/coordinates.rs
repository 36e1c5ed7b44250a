//! The native side of "native = WASM to the millimetre": the other side is the `wasm` step of `cargo xtask test`.

#[test]
fn a_million_coordinates_have_the_digest_that_wasm_is_held_to() {
    assert_eq!(breiband_session::coordinate_digest(1_000_000), 17_961_150_629_487_337_130);
}
