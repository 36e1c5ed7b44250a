//! What tables of other people's have in common.

/// The separator among `usual` ones that a header has most of outside of quotes; of equally many the first one.
///
/// ```
/// assert_eq!(breiband_model::separator(b"id;\"a, b, c\";x\n1,2,3;;", b",;"), b';');
/// ```
pub fn separator(header: &[u8], usual: &[u8]) -> u8 {
    let mut counts: Vec<(u8, usize)> = usual.iter().map(|&one| (one, 0)).collect();
    let mut quoted = false;
    for &byte in header {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => counts.iter_mut().filter(|(one, _)| *one == byte).for_each(|(_, n)| *n += 1),
        }
    }
    counts.iter().rev().max_by_key(|(_, n)| *n).map_or(b',', |&(one, _)| one)
}
