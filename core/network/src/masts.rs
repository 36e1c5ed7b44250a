//! Masts as part of the graph: where they stand, what feeds them, and which premises they see.
//!
//! A mast is a vertex. What it costs is on every edge that brings the network to it, a fibre's or a radio link's, so that a tree pays it
//! whichever of them it takes, and all premises that hang on the mast share it. An edge has no direction: where fibre comes to a mast
//! and leads on from it, the mast is on both edges, and between two masts, where either may be the one that is fed, the dearer one's
//! cost is on the edge. So what is paid is never less than is true, and sometimes more.

use std::collections::BTreeSet;

use breiband_model::{
    Cancelled, Context, CostBook, Handover, Issue, Mast, MastId, MixSettings, Money, Origin, PartKind, Point,
    PremisesId, PriceId, Region, Scenario, Severity, Side, SiteKind, SitedMast, Technologies, Terrain, Wireless,
};
use breiband_spatial::Projection;
use breiband_terrain::{Antenna, Sight, height_at};

use crate::demand::Sink;
use crate::draft::Draft;
use crate::handovers::on_map;
use crate::links::{Finder, From, Link, millimetres};
use crate::proposals;

/// Masts that a sink looks at, nearest first.
const LOOKS: usize = 24;
/// Handovers and masts in sight that a mast may be fed from by radio.
const FEEDERS: usize = 3;

/// What a mast is fed from by radio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Feeder {
    Handover(u32),
    Mast(u32),
}

/// A radio link that feeds a mast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Feed {
    pub(crate) from: Feeder,
    pub(crate) to: u32,
    pub(crate) place: Point,
}

/// A sink in sight of a mast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Access {
    pub(crate) mast: u32,
    pub(crate) sink: u32,
}

/// Masts with what they see.
#[derive(Debug, Default)]
pub(crate) struct Masts {
    pub(crate) all: Vec<SitedMast>,
    pub(crate) feeds: Vec<Feed>,
    pub(crate) links: Vec<Access>,
}

/// What a scenario and its cost book say of technologies.
pub(crate) struct Mix<'a> {
    pub(crate) settings: &'a MixSettings,
    pub(crate) threshold_mbps: f64,
    pub(crate) book: &'a CostBook,
    pub(crate) technologies: &'a Technologies,
}

impl<'a> Mix<'a> {
    /// None where the scenario does not mix technologies, or the book has none.
    pub(crate) fn of(scenario: &'a Scenario, book: &'a CostBook) -> Option<Self> {
        let (settings, technologies) = (scenario.mix.as_ref()?, book.technologies()?);
        Some(Self { settings, threshold_mbps: scenario.goal.threshold_mbps(), book, technologies })
    }

    pub(crate) fn wireless(&self) -> &'a Wireless {
        &self.technologies.wireless
    }

    /// What each premises needs, Mbit/s down.
    pub(crate) fn needs(&self, region: &Region) -> Vec<f64> {
        let least = self.settings.needs_mbps.unwrap_or(self.threshold_mbps);
        let mut needs = vec![least; region.premises.len()];
        let mut raise = |at: usize, mbps: f64| needs[at] = f64::max(needs[at], mbps);
        for need in &self.settings.needs {
            let ids: BTreeSet<&str> = need.premises.iter().map(String::as_str).collect();
            for (at, premises) in region.premises.iter().enumerate() {
                if need.kinds.contains(&premises.kind) || ids.contains(premises.external_id.as_str()) {
                    raise(at, need.mbps);
                }
            }
            let sites = region.sites.iter().filter(|site| need.sites.contains(&site.kind));
            sites.filter_map(|site| site.premises).for_each(|id| raise(id.index(), need.mbps));
        }
        needs
    }

    fn price(&self, name: &str) -> Option<PriceId> {
        // The book was checked: every name is one of its prices.
        self.book.price_id(name)
    }

    fn lump(&self, draft: &mut Draft, kind: PartKind, origin: Origin, price: &str, count: u32) {
        let permille = if kind == PartKind::Running { self.technologies.present_permille() } else { 1000 };
        if let Some(price) = self.price(price) {
            draft.lump_part(kind, origin, price, count, permille);
        }
    }

    /// What a home's fibre costs besides its line.
    pub(crate) fn lay_fibre_home(&self, draft: &mut Draft, premises: PremisesId, homes: u32) {
        let fibre = &self.technologies.fibre;
        self.lump(draft, PartKind::Equipment, Origin::Premises(premises), &fibre.equipment, homes);
        self.lump(draft, PartKind::Running, Origin::Premises(premises), &fibre.running, homes);
    }

    /// What a mast costs.
    pub(crate) fn lay_mast(&self, draft: &mut Draft, index: u32, mast: &SitedMast) {
        let (wireless, origin) = (self.wireless(), Origin::Mast(MastId::new(index)));
        self.lump(draft, PartKind::Mast, origin, wireless.mast_price(mast.existing), 1);
        self.lump(draft, PartKind::Mast, origin, &wireless.sector, mast.sectors);
        self.lump(draft, PartKind::Running, origin, &wireless.mast_running, 1);
    }

    /// What a mast costs, for choosing the dearer of two.
    fn mast_cost(&self, mast: &SitedMast) -> Money {
        let wireless = self.wireless();
        let own = self.book.each(wireless.mast_price(mast.existing), 1, 1000);
        own.saturating_add(self.book.each(&wireless.sector, mast.sectors, 1000))
    }

    /// A radio link that feeds a mast, with the mast.
    pub(crate) fn lay_feed(&self, draft: &mut Draft, masts: &[SitedMast], feed: &Feed, (from, to): (u32, u32)) {
        let mast = &masts[feed.to as usize];
        let geometry = draft.geometry(&[feed.place, mast.point]);
        let origin = Origin::Mast(MastId::new(feed.to));
        let price = self.price(&self.wireless().backhaul);
        draft.part(PartKind::Radio, origin, Side::Middle, price, geometry, 1, 1000);
        let dearer = match feed.from {
            Feeder::Mast(other) if self.mast_cost(&masts[other as usize]) > self.mast_cost(mast) => other,
            _ => feed.to,
        };
        self.lay_mast(draft, dearer, &masts[dearer as usize]);
        draft.edge(from, to);
    }

    /// A radio link to a sink, with what its homes need.
    pub(crate) fn lay_access(
        &self,
        draft: &mut Draft,
        mast: u32,
        premises: PremisesId,
        homes: u32,
        (from, to): (u32, u32),
    ) {
        let ends = [from, to].map(|vertex| draft.vertices[vertex as usize].point);
        let geometry = draft.geometry(&ends);
        let (wireless, origin) = (self.wireless(), Origin::Mast(MastId::new(mast)));
        let price = self.price(&wireless.equipment);
        draft.part(PartKind::Radio, origin, Side::Middle, price, geometry, homes, 1000);
        self.lump(draft, PartKind::Running, Origin::Premises(premises), &wireless.running, homes);
        draft.edge(from, to);
    }
}

/// An antenna so many metres above the ground.
pub(crate) fn antenna(point: Point, height_m: f64) -> Antenna {
    Antenna { point, height_mm: i32::try_from(millimetres(height_m)).unwrap_or(0) }
}

impl Masts {
    /// Finds masts and what they see; leads of fibre to them are added to `links`.
    ///
    /// What is said of masts without terrain under them goes to `issues`. `needs` has what each premises needs, Mbit/s down: who needs
    /// more than wireless gives sees no mast.
    ///
    /// Takes a look along the terrain for each sink and mast in range, at most 24 for a sink, one for each pair of handovers and masts in
    /// range of each other, and what [`proposals`] say.
    ///
    /// # Errors
    /// [`Cancelled`], which is asked for at each mast and every few sinks.
    #[expect(clippy::too_many_arguments, reason = "what a pass is given")]
    pub(crate) fn find(
        (region, scenario): (&Region, &Scenario),
        mix: &Mix<'_>,
        needs: &[f64],
        (sinks, handovers): (&[Sink], &[Handover]),
        finder: &Finder<'_>,
        links: &mut Vec<Link>,
        issues: &mut Vec<Issue>,
        ctx: &Context<'_>,
    ) -> Result<Self, Cancelled> {
        let wireless = mix.wireless();
        let mut all = given(region, &named(region, scenario, issues), mix);
        let Some(terrain) = &region.terrain else {
            if !all.is_empty() || mix.settings.propose > 0 {
                let message = "no input has heights of the ground, so nobody knows what a mast sees: masts are left out. Add SRTM \
                               tiles (.hgt) or a GeoTIFF of the area";
                issues.push(Issue::new("no-terrain", Severity::Warning, message));
            }
            return Ok(Self::default());
        };
        all.retain(|mast| {
            let known = height_at(terrain, mast.point).is_some();
            if !known {
                let message =
                    "the ground's height is unknown here: the mast is left out. Add the tile that it stands on";
                issues.push(Issue::new("mast-off-terrain", Severity::Warning, message).record(&mast.external_id));
            }
            known
        });
        // Sinks all of whose premises are content with what wireless gives.
        let wanted: Vec<u32> = (0..sinks.len() as u32)
            .filter(|&s| sinks[s as usize].premises.iter().all(|p| needs[p.index()] <= wireless.down_mbps))
            .collect();
        let sight = Sight::new(wireless, wireless.frequency_mhz);
        let view = View { region, terrain, sight, wireless, sinks };
        if mix.settings.propose > 0 {
            all.extend(proposals::propose(&view, mix.settings, &wanted, &all, finder, ctx)?);
        }
        for (index, mast) in (0..).zip(&all) {
            let mut places = Vec::new();
            finder.on_roads(mast.point, millimetres(wireless.lead_max_m), 2, &mut places);
            for (rank, place) in places.iter().enumerate() {
                let (start, end, target) = (mast.point, place.point, place.target);
                links.push(Link { from: From::Mast(index), start, end, target, first: rank == 0 });
            }
        }
        let mut found = Self { feeds: feeds(&view, handovers, &all, ctx)?, links: Vec::new(), all };
        let mut near: Vec<(u64, u32)> = Vec::new();
        for (number, &sink) in wanted.iter().enumerate() {
            ctx.check_at(number)?;
            let home = view.home(sink);
            near.clear();
            near.extend((0..).zip(&found.all).map(|(index, mast)| (mast.point.distance_squared(home.point), index)));
            near.retain(|&(square, _)| square <= view.range_squared(wireless.range_m));
            near.sort_unstable();
            let seen = near.iter().take(LOOKS).filter(|&&(_, mast)| {
                let mast = &found.all[mast as usize];
                sight.is_clear(terrain, Antenna { point: mast.point, height_mm: mast.height_mm }, home)
            });
            let seen: Vec<u32> = seen.take(usize::from(wireless.candidates)).map(|&(_, mast)| mast).collect();
            found.links.extend(seen.into_iter().map(|mast| Access { mast, sink }));
        }
        found.links.sort_unstable();
        Ok(found)
    }
}

/// What looking needs.
pub(crate) struct View<'a> {
    pub(crate) region: &'a Region,
    pub(crate) terrain: &'a Terrain,
    pub(crate) sight: Sight,
    pub(crate) wireless: &'a Wireless,
    pub(crate) sinks: &'a [Sink],
}

impl View<'_> {
    /// The antenna of a sink.
    pub(crate) fn home(&self, sink: u32) -> Antenna {
        antenna(self.sinks[sink as usize].point, self.wireless.premises_height_m)
    }

    /// A range in square millimetres.
    pub(crate) fn range_squared(&self, range_m: f64) -> u64 {
        u64::from(millimetres(range_m)).pow(2)
    }
}

/// Masts of the inputs, then the scenario's own, in that order; one off the map is left out, and said to be.
pub fn named(region: &Region, scenario: &Scenario, issues: &mut Vec<Issue>) -> Vec<Mast> {
    let projection = Projection::new(region.plane);
    let mut masts = region.masts.clone();
    masts.extend(scenario.masts.iter().filter_map(|mast| {
        let point = on_map(&projection, ("mast-off-map", "mast"), &mast.name, [mast.lon, mast.lat], issues)?;
        Some(mast.at(point))
    }));
    masts
}

/// Named masts, then those among public sites; no two in one place or of one id.
fn given(region: &Region, named: &[Mast], mix: &Mix<'_>) -> Vec<SitedMast> {
    let wireless = mix.wireless();
    let default = antenna(Point::default(), wireless.mast_height_m).height_mm;
    let of = |mast: &Mast| SitedMast {
        external_id: mast.external_id.clone(),
        name: mast.name.clone(),
        point: mast.point,
        height_mm: mast.height_mm.unwrap_or(default),
        sectors: mast.sectors.unwrap_or(wireless.sectors),
        existing: mast.existing,
    };
    let mut all: Vec<SitedMast> = named.iter().map(of).collect();
    if mix.settings.site_masts {
        all.extend(region.sites.iter().filter(|site| site.kind == SiteKind::Mast).map(|site| SitedMast {
            external_id: site.external_id.clone(),
            name: site.label().to_owned(),
            point: site.point,
            height_mm: default,
            sectors: wireless.sectors,
            existing: true,
        }));
    }
    let (mut places, mut ids) = (BTreeSet::new(), BTreeSet::new());
    all.retain(|mast| places.insert(mast.point) && ids.insert(mast.external_id.clone()));
    all
}

/// Radio links between masts, and from handovers to them: the nearest in sight. Takes a look along the terrain for each pair in range
/// until enough are seen.
fn feeds(
    view: &View<'_>,
    handovers: &[Handover],
    masts: &[SitedMast],
    ctx: &Context<'_>,
) -> Result<Vec<Feed>, Cancelled> {
    let wireless = view.wireless;
    let sight = Sight::new(wireless, wireless.backhaul_frequency_mhz);
    let at_handover = |h: &Handover| antenna(h.point, wireless.mast_height_m);
    let at_mast = |m: &SitedMast| Antenna { point: m.point, height_mm: m.height_mm };
    let mut pairs = BTreeSet::new();
    for (to, mast) in (0..).zip(masts) {
        ctx.check()?;
        // From a point of presence a line leads to the network, and the network to the mast.
        let doors = (0..).zip(handovers).filter(|(_, h)| h.opening.is_none());
        let over = doors.map(|(i, h)| (Feeder::Handover(i), at_handover(h)));
        let others = (0..).zip(masts).map(|(i, m)| (Feeder::Mast(i), at_mast(m)));
        for kind in [over.collect::<Vec<_>>(), others.collect()] {
            let mut near: Vec<_> = kind
                .into_iter()
                .filter(|(from, _)| *from != Feeder::Mast(to))
                .map(|(from, antenna)| (antenna.point.distance_squared(mast.point), from, antenna))
                .filter(|(square, ..)| *square <= view.range_squared(wireless.backhaul_range_m))
                .collect();
            near.sort_unstable();
            let seen = near.into_iter().filter(|(.., antenna)| sight.is_clear(view.terrain, *antenna, at_mast(mast)));
            for (_, from, antenna) in seen.take(FEEDERS) {
                // One edge for two masts that feed each other.
                let feed = match from {
                    Feeder::Mast(other) if other > to => Feed { from: Feeder::Mast(to), to: other, place: mast.point },
                    _ => Feed { from, to, place: antenna.point },
                };
                pairs.insert(feed);
            }
        }
    }
    Ok(pairs.into_iter().collect())
}
