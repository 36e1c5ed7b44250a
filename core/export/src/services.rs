//! Public sites, links and hosts as tables.

use breiband_model::{Phase, Services};

use crate::csv_files::{Table, text};
use crate::view::{OutputFile, PlanView, name_of};

/// `sites.csv`, `links.csv` and `server-room.csv`.
pub(crate) fn tables(view: &PlanView<'_>, services: &Services) -> Vec<OutputFile> {
    let when = |phase: Phase| if phase == Phase::Built { "today".to_owned() } else { phase.label() };
    let columns = [
        "id",
        "name",
        "kind",
        "municipality",
        "heads",
        "heads_assumed",
        "busy_mbps",
        "needs_mbps",
        "today_mbps",
        "ready",
        "feide",
    ];
    let mut sites = Table::new(view, &columns);
    for s in &services.sites {
        sites.row(vec![
            text(&s.id).into_owned(),
            text(&s.name).into_owned(),
            name_of(s.kind),
            text(&s.municipality).into_owned(),
            s.heads.0.to_string(),
            u8::from(s.heads.1).to_string(),
            s.busy_mbps.to_string(),
            s.needs_mbps.to_string(),
            s.today_mbps.map(|mbps| mbps.to_string()).unwrap_or_default(),
            when(s.ready),
            s.feide.map(when).unwrap_or_default(),
        ]);
    }
    let columns =
        ["kind", "name", "homes", "sites", "load_mbps", "equipment", "full_in", "last_load_mbps", "lasting_equipment"];
    let mut links = Table::new(view, &columns);
    for link in &services.links {
        links.row(vec![
            if link.handover { "handover" } else { "lot" }.to_owned(),
            text(&link.name).into_owned(),
            link.homes.to_string(),
            link.sites.to_string(),
            link.load_mbps[0].to_string(),
            link.equipment.as_deref().map(text).unwrap_or_default().into_owned(),
            link.fills.map(|year| year.to_string()).unwrap_or_default(),
            link.load_mbps[1].to_string(),
            link.lasting.as_deref().map(text).unwrap_or_default().into_owned(),
        ]);
    }
    let mut hosts =
        Table::new(view, &["rank", "id", "name", "backbone", "second_path", "mean_way_m", "sites_cut", "score"]);
    for (at, host) in services.hosts.iter().enumerate() {
        hosts.row(vec![
            (at + 1).to_string(),
            text(&host.id).into_owned(),
            text(&host.name).into_owned(),
            host.backbone.to_string(),
            host.second_path.map(|cost| cost.to_string()).unwrap_or_default(),
            host.mean_metres.to_string(),
            host.cut.to_string(),
            format!("{:.2}", host.score),
        ]);
    }
    let file = |name: &str, bytes| OutputFile { name: name.to_owned(), bytes };
    vec![file("sites.csv", sites.finish()), file("links.csv", links.finish()), file("server-room.csv", hosts.finish())]
}
