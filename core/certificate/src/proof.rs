//! A log that proves "no solution costs less than U": its lines, and where they are written, read and replayed.
//!
//! `text` reads and writes the lines, `lift` turns an instance into the `graph` they change, `rules` says which change
//! keeps a solution below U if there was one, `optional` which do where terminals may be left out, `bound` what potentials rule
//! out, `extend` what no best solution can go on from, and `replay` follows the log.

mod bound;
mod extend;
mod graph;
mod lift;
mod optional;
mod replay;
mod rules;
mod search;
mod text;

use crate::Certificate;
pub use replay::{Refusal, ReplayError, replay};

/// One line of a proof, or one set of potentials (a line `R` and its lines `P`).
///
/// # The file
/// Text, plain or gzipped, decimal numbers without leading zeros, one space between words. The first line is
/// `breiband proof 1`, the second `U u`: the file proves that no solution costs less than `u`.
///
/// # The graph
/// A replayer begins with the instance made uniform. Vertices and edges keep their positions in the instance. Terminals
/// that no path from the root reaches are left out, edges at vertices that none reaches, edges at a sink (a vertex no path
/// passes through) that is no such terminal, and edges between two sinks. Then, terminal by terminal in increasing order, the
/// root left out: a terminal with a prize that is no sink gets a new vertex, which is a sink and a terminal in its place,
/// and two new edges, the first free from the terminal to it, the second from the root to it at the cost of the prize; a
/// terminal with a prize that is a sink gets one new edge from the root at the cost of the prize. New vertices and edges have
/// the next numbers. All terminals are now required; the root is one.
///
/// # The steps
/// Each keeps this true: *if some solution cost less than u, then some solution of the graph, with what is fixed, does.* So
/// a graph in which nothing costs less than u proves the claim. "Special distance" is that of Duin & Volgenant (1989): of
/// ways through no sink, the longest stretch between one terminal on the way and the next, at the least. Past a vertex that is no
/// terminal a stretch goes on shorter (never below nothing) by what the second edges of its sinks as for `M` cost beyond the first, but
/// no more than the least that an edge to no sink costs there: who is left out may as well be met on the way (Uchoa 2006).
///
/// | line | what happens | if |
/// |---|---|---|
/// | `X v` | v's edges go | v is no terminal, and has at most one edge or only edges to sinks |
/// | `J v` | v's two edges become one of their joint cost, with the next number | v is no terminal; the other ends differ and are not both sinks |
/// | `T e v` | e is fixed, its ends become v, a terminal; edges between them go. From a sink: its other edges go too | e is the only way out of an end; or the cheapest one, and leads to a terminal, or to where one is no farther than the second cheapest is dearer |
/// | `E e` | e goes | another edge between its ends costs no more |
/// | `S e` | e goes | neither end is a sink, and without it their special distance is no more than its cost |
/// | `F e` | e goes | e ends at a sink which another edge and a way from e's other end to that edge's reach for no more, or another edge from a terminal; or e's other end is a terminal, and a way from any terminal to another edge and that edge reach for no more |
/// | `L t` | the least cost of t's edges is fixed, and goes off each of them | t is a sink |
/// | `M s t` | s's edges go; what its second one cost comes on top of t's second | s and t are sinks of two edges each: the first free and from the same vertex, which is no terminal, the second from a terminal |
/// | `H v t` | the edges of v and t go, the cost p of t's second is fixed, and v's two other ends are joined by an edge, with the next number, of their joint cost less p | v is no terminal, its other ends are two and not both sinks, t is as for `M` with its first edge from v, and p is no more than either of v's edges to them costs |
/// | `A e t v` | e's ends become v, e's cost c is fixed and goes off t's second edge; e and what is parallel to it goes | e's ends are no terminals; t is as for `M` with its first edge from one of them, and another sink likewise from the other; neither's second edge costs less than c; and no edge at one of the ends, but to sinks, does |
/// | `V v m` | v's edges go; any two of their other ends are joined at their joint cost. Pairs come in the order of the edges' numbers, and the new edges have the next numbers | v is no terminal and has three or four edges, to different vertices, none a sink; any three or more of these are joined without v by special distances for no more than by v. Bit i of m says that the special distance of pair i is needed for that |
/// | `R r`, `P t v π` … | a certificate of value L on what the root reaches, from the root or another terminal r that is no sink | it is valid |
/// | `D e` | e goes | under potentials since which only lines `R`, `P`, `D`, `Y` and `Z` came, in either direction L, the residual cost of e, and those of a shortest way from r to it and on to a terminal reach u less what is fixed |
/// | `W v` | as `V`, with two to four edges | under potentials since which only lines `R`, `P`, `D`, `E`, `W`, `Y` and `Z` came, L and the residual costs of a shortest way from r to v and of shortest ways on to two terminals reach u less what is fixed; or a line `Z v` came since |
/// | `Y e` | e goes | no end is a sink, and by extension no best solution holds e in the graph under the last potentials, since which only lines `D`, `Y` and `Z` came |
/// | `Z v` | nothing | v is no terminal and has three or four edges, and by extension no best solution holds three of them, as for `Y` |
/// | `N` | what the root does not reach (through no sink) goes; the rest is numbered anew, vertices and edges in their order | |
/// | `B v` | two proofs follow, both on the graph numbered anew as by `N`: the first with v as a terminal, the second without v's edges | v is no terminal |
/// | `K` | proofs follow, each on one block (a part that no vertex cuts apart) that holds a terminal besides the vertex by which it is reached. That vertex is its root. A cut vertex beyond which lies a terminal is one itself. Numbered anew in their order | |
/// | `( u'` | a proof after `B` begins: nothing on that graph costs less than u' | |
/// | `( u' e` | a proof after `K` begins, on the block of e | |
/// | `)` | the proof that began last ends | it is complete |
///
/// # By extension
/// A best solution is one of least cost below u none of whose ends is anything but a terminal. It holds no edges that hang together,
/// if where two of them meet it holds no other,
/// - if some stretch of them, from one vertex where three or more of them meet or that is an end to the next, is longer than the
///   special distance of two of their vertices on both sides of it (and neither is a sink);
/// - if their ends, none a sink, can be joined by special distances for less than they cost;
/// - if, wherever it comes in, L, their residual costs away from there, those of a shortest way from r to there and of shortest
///   ways from all other ends to terminals reach u less what is fixed; or
/// - if they have no more than six vertices, and at some end that is no terminal every set of further edges is out for one of these
///   reasons. Edges of `Y` are in no such set, and no two edges are where a `Z` has been.
///
/// A proof is complete once u is no more than what is fixed, or than what is fixed and L, or and the lesser u' after `B`, or and
/// the sum of the u' after `K`; or if the root does not reach some terminal. Lines that come after that in the same proof are
/// read and not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `X v`
    DeadEnd(u32),
    /// `J v`
    Join(u32),
    /// `T e v`
    Take(u32, u32),
    /// `E e`
    Equal(u32),
    /// `S e`
    Special(u32),
    /// `F e`
    Farther(u32),
    /// `L t`
    Lower(u32),
    /// `M s t`
    Merge(u32, u32),
    /// `H v t`
    Pass(u32, u32),
    /// `A e t v`
    Adjoin(u32, u32, u32),
    /// `V v m`
    Replace(u32, u8),
    /// `R r` and lines `P t v π`
    Potentials(Certificate),
    /// `D e`
    Dear(u32),
    /// `W v`
    Straight(u32),
    /// `Y e`
    Stuck(u32),
    /// `Z v`
    StuckBranching(u32),
    /// `N`
    Anew,
    /// `B v`
    Branch(u32),
    /// `K`
    Blocks,
    /// `( u'` or `( u' e`
    Open(u64, Option<u32>),
    /// `)`
    Close,
}

/// A proof that no solution costs less than `bound`. Only [`replay`] says whether it is one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proof {
    /// What no solution costs less than.
    pub bound: u64,
    /// The lines after the first two.
    pub steps: Vec<Step>,
}

#[cfg(test)]
mod tests;
