//! What the page asks for.

use serde::{Deserialize, Serialize};

use crate::{Draw, Edit};

/// A command and the page's revision when it was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Grows by one with every command; replies carry it back.
    pub revision: u32,
    /// What to do.
    pub command: Command,
}

/// What the page asks the session to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Take these files and read them: one attachment for each name, in the same order. A `.toml` file is the scenario.
    Open {
        /// The files' names as the user gave them.
        names: Vec<String>,
        /// Whether the files opened before are dropped first.
        replace: bool,
        /// Today, `yyyy-mm-dd`, for a scenario that is drafted: the session reads no clock.
        today: String,
    },
    /// Take this file, which could not be read, off the list.
    LeaveOut(String),
    /// Show a plan that was written before: the attachments are its `summary.json`, `network.geojson` and `premises.geojson`.
    Show,
    /// Change the document; what was planned before is planned anew.
    Edit(Edit),
    /// Go so many edits back, or forward where it is more than none.
    Turn(i32),
    /// Draw a route or an area.
    Draw(Draw),
    /// Draw the cost–coverage curve of the scenario on screen, after each edit anew; or no more.
    Curve(bool),
    /// Give the project as bytes, its inputs included.
    Save,
    /// Give what is to be kept while the project is worked on: the document, its history as far as that was not given before, and
    /// with `files` the inputs behind both.
    Keep {
        /// Whether the inputs are wanted too.
        files: bool,
    },
    /// Open a project: the attachment is what `Save` gave; or the attachments are what `Keep` did with its files, the first two joined,
    /// and all steps of the history.
    OpenProject {
        /// Whether a project that was planned is planned at once.
        plan: bool,
    },
    /// Show where this scenario's plan and that of another differ; `None` shows nothing.
    Differ(Option<u32>),
    /// List premises whose address, id or municipality has all these words, and sites of such a name.
    Find {
        /// The words.
        text: String,
        /// Only premises of this status, only `sites`; empty for all.
        status: String,
        /// Only premises with this service today, as the map classes it; empty for all.
        service: String,
        /// By `address`, `cost` (dearest first) or `distance` (farthest first).
        sort: String,
    },
    /// Give what is on screen as a file.
    Export(Export),
    /// List the files that can be given of the plan on screen.
    Outputs,
    /// Plan the region.
    Plan,
    /// Play the game of groups beside everything else, or give it up.
    Play(bool),
    /// Stop what is running; what was ready before stays.
    Cancel,
    /// Tell the facts of one map feature.
    Pick {
        /// The layer it was picked from.
        layer: LayerId,
        /// Its number in that layer.
        id: u32,
    },
}

/// Files that are made on request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Export {
    /// The scenario, which gives the same plan on the command line.
    Scenario,
    /// A Rust program that plans the same.
    Rust,
    /// One page with its map: the council's report in this language where there is a programme, else the plan.
    Page {
        /// The language's code.
        language: String,
        /// Whether personal detail is left out.
        public: bool,
    },
    /// One of the files that `breiband plan` and `breiband report` write, by its name there.
    File(String),
    /// What `breiband compare` writes of all scenarios that are planned, in one archive.
    Comparison,
    /// All of them in one archive, with a page to begin with: a folder for any web server.
    Folder {
        /// The code of the language that the first page is in.
        language: String,
    },
}

/// The layers of the map, bottom first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LayerId {
    /// Lakes, rivers and the sea.
    Water,
    /// Municipalities' areas and borders.
    Municipalities,
    /// Buildings' outlines.
    Buildings,
    /// Roads, tracks and ferry lines.
    Ways,
    /// Routes drawn by hand.
    Drawn,
    /// The planned network, by method.
    Network,
    /// Where two scenarios' plans differ.
    Difference,
    /// Premises, by status.
    Premises,
    /// Schools, town halls and other public sites.
    Sites,
    /// Masts in use.
    Masts,
    /// Cabinets.
    Cabinets,
    /// Candidate points of presence.
    Pops,
    /// Where backbone capacity is bought.
    Handovers,
}

impl LayerId {
    /// All layers, bottom first.
    pub const ALL: [Self; 13] = [
        Self::Water,
        Self::Municipalities,
        Self::Buildings,
        Self::Ways,
        Self::Drawn,
        Self::Network,
        Self::Difference,
        Self::Premises,
        Self::Sites,
        Self::Masts,
        Self::Cabinets,
        Self::Pops,
        Self::Handovers,
    ];

    /// The layer's name in the map's style and in message keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Water => "water",
            Self::Municipalities => "municipalities",
            Self::Buildings => "buildings",
            Self::Ways => "ways",
            Self::Drawn => "drawn",
            Self::Network => "network",
            Self::Difference => "difference",
            Self::Premises => "premises",
            Self::Sites => "sites",
            Self::Masts => "masts",
            Self::Cabinets => "cabinets",
            Self::Pops => "pops",
            Self::Handovers => "handovers",
        }
    }

    /// The layer of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.name() == name)
    }
}
