//! Undirected graphs with integer costs, frozen into adjacency arrays, and the few algorithms everything above needs.
//!
//! The crate knows vertices (`0..n`, as `u32`), edges (by their position in the list that built the graph) and costs
//! (`u64`); it knows nothing of roads, premises or money. Every answer is the same on every machine: ties are broken by
//! explicit keys, never by memory layout.
//!
//! ```
//! use breiband_graph::{Csr, Dijkstra};
//! let graph = Csr::new(3, &[(0, 1, 4), (1, 2, 3), (0, 2, 9)])?;
//! let mut search = Dijkstra::new(&graph);
//! search.run(&graph, 0);
//! assert_eq!(search.distance(2), Some(7));
//! # Ok::<(), breiband_graph::GraphError>(())
//! ```

mod blocks;
mod components;
mod convert;
mod csr;
mod dijkstra;
mod heap;
mod tree;
mod union_find;
mod voronoi;

pub use blocks::{Blocks, blocks};
pub use components::{Components, components};
pub use csr::{Arc, Csr, GraphError};
pub use dijkstra::Dijkstra;
pub use heap::MinHeap;
pub use tree::minimum_spanning_forest;
pub use union_find::UnionFind;
pub use voronoi::Voronoi;

/// "No vertex" or "no edge" inside packed arrays; public results use `Option`.
pub(crate) const NONE: u32 = u32::MAX;
