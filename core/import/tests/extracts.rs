//! Extracts as strangers cut and join them: pieces of ways, files that overlap, nodes that only their ways tell of.

use breiband_import::{SourceFile, import};
use breiband_model::{Context, Input, Options, Region, Silent, Staged, WayId, count_by_code, length_mm};

fn read(files: &[(&str, &str)]) -> Staged<Region> {
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| SourceFile { input: Input::auto(*name), bytes: text.as_bytes().into() })
        .collect();
    import(&files, &Options::default(), &mut Context::new(&mut Silent)).expect("sound files")
}

fn codes(staged: &Staged<Region>) -> Vec<(String, u64)> {
    count_by_code(&staged.issues).into_iter().collect()
}

/// Node `id` of a row of nodes, some 50 m apart.
fn node(id: u32) -> String {
    format!("<node id='{id}' lat='62.1' lon='{}'/>", 6.1 + f64::from(id) * 0.001)
}

fn way(id: u32, nodes: std::ops::RangeInclusive<u32>, tag: &str) -> String {
    let references: String = nodes.map(|id| format!("<nd ref='{id}'/>")).collect();
    format!("<way id='{id}'>{references}<tag k='highway' v='{tag}'/></way>")
}

fn osm(parts: &[String]) -> String {
    format!("<osm version='0.6'>{}</osm>", parts.concat())
}

fn nodes(ids: impl IntoIterator<Item = u32>) -> String {
    ids.into_iter().map(node).collect()
}

fn metres(region: &Region) -> u64 {
    (0..region.ways.len()).map(|way| length_mm(&region.way_points(WayId::from_usize(way)))).sum::<u64>() / 1000
}

#[test]
fn a_way_that_leaves_the_extract_and_comes_back_keeps_both_pieces() {
    let staged = read(&[("cut.osm", &osm(&[nodes((1..=4).chain(6..=9)), way(1, 1..=9, "track")]))]);
    let pieces: Vec<_> = staged.value.ways.iter().map(|way| (way.external_id.as_str(), way.nodes.len())).collect();
    assert_eq!(pieces, [("way/1", 4), ("way/1", 4)]);
    assert_eq!(codes(&staged), [("missing-node".to_owned(), 1)]);
}

#[test]
fn extracts_side_by_side_make_their_ways_whole_again() {
    let west = osm(&[nodes(1..=6), way(1, 1..=9, "track"), way(2, 1..=3, "path")]);
    let east = osm(&[nodes(4..=9), way(1, 1..=9, "track"), way(3, 7..=9, "path")]);
    let whole = osm(&[nodes(1..=9), way(1, 1..=9, "track"), way(2, 1..=3, "path"), way(3, 7..=9, "path")]);
    let expected = read(&[("whole.osm", &whole)]);
    for files in [[("w.osm", &west), ("e.osm", &east)], [("e.osm", &east), ("w.osm", &west)]] {
        let staged = read(&files.map(|(name, text)| (name, text.as_str())));
        assert_eq!(metres(&staged.value), metres(&expected.value));
        assert_eq!(staged.value.nodes.len(), 9, "the pieces meet");
        assert_eq!(codes(&staged), [("missing-node".to_owned(), 2)]);
    }
    // What the first file has whole, the next adds nothing to.
    let staged = read(&[("whole.osm", &whole), ("w.osm", &west)]);
    assert!(staged.issues.iter().any(|issue| issue.message.contains("also in whole.osm")), "{:?}", staged.issues);
    assert_eq!(metres(&staged.value), metres(&expected.value));
    assert_eq!(codes(&staged), [("duplicate-way".to_owned(), 2), ("missing-node".to_owned(), 1)]);
}

#[test]
fn ways_may_tell_where_their_nodes_are() {
    let located: String = (1..=5).map(|id| node(id).replace("<node id", "<nd ref")).collect();
    let text = format!("<osm><way id='1'>{located}<tag k='highway' v='track'/></way></osm>");
    let staged = read(&[("located.osm", &text)]);
    assert_eq!(staged.issues, []);
    let expected = read(&[("whole.osm", &osm(&[nodes(1..=5), way(1, 1..=5, "track")]))]);
    assert_eq!(staged.value.nodes, expected.value.nodes);
    // Overpass tells them again in relations, without numbers there.
    let again =
        "<relation id='1'><member type='way' ref='1' role=''><nd lat='62.1' lon='6.1'/></member></relation></osm>";
    assert_eq!(read(&[("geom.osm", &text.replace("</osm>", again))]).issues, []);
}

#[test]
fn a_file_without_the_nodes_of_its_ways_is_told_from_one_that_was_cut() {
    let staged = read(&[("out.osm", &osm(&[nodes(1..=2), way(1, 1..=9, "track")]))]);
    let issue = staged.issues.iter().find(|issue| issue.code == "ways-without-nodes").expect("listed");
    assert!(issue.to_string().contains("out geom"), "{issue}");
}

#[test]
fn an_answer_that_is_not_complete_says_so() {
    let rest = "<remark> runtime error: Query timed out in \"query\" at line 3 after 25 seconds. </remark></osm>";
    let text = osm(&[nodes(1..=2), way(1, 1..=2, "track")]).replace("</osm>", rest);
    let staged = read(&[("timed-out.osm", &text)]);
    assert_eq!(codes(&staged), [("server-remark".to_owned(), 1)]);
    assert!(staged.issues[0].value.starts_with("runtime error: Query timed out"), "{}", staged.issues[0]);
}

#[test]
fn a_region_over_the_date_line_is_whole() {
    let at = |lon: f64| format!("[{lon},-16.8]");
    let road = [179.98, 179.99, 180.0, -179.99, -179.98].map(at).join(",");
    let road = format!(
        r#"{{"type":"Feature","properties":{{"highway":"track"}},"geometry":{{"type":"LineString","coordinates":[{road}]}}}}"#
    );
    let addresses = "id,lon,lat\na,179.985,-16.8001\nb,-179.985,-16.8001\nc,180.019,-16.8001\n";
    let staged = read(&[("road.geojson", &road), ("addresses.csv", addresses)]);
    assert_eq!(staged.issues, []);
    assert_eq!(staged.value.premises.len(), 3);
    // 0.04 degrees on the parallel of 16.8 degrees.
    assert_eq!(metres(&staged.value), 4_263);
}

#[test]
fn what_two_extracts_hold_is_there_once() {
    let corners = [(0.0, 0.0), (0.0, 0.0001), (0.0001, 0.0001), (0.0001, 0.0)];
    let square = |first: u32, west: f64| -> String {
        let corner = |(at, (x, y)): (u32, (f64, f64))| {
            format!("<node id='{}' lat='{}' lon='{}'/>", first + at, 62.101 + y, west + x)
        };
        (0..4).zip(corners).map(corner).collect()
    };
    let ring = |id: u32, first: u32, tags: &str| -> String {
        let references: String = [0, 1, 2, 3, 0].iter().map(|at| format!("<nd ref='{}'/>", first + at)).collect();
        format!("<way id='{id}'>{references}{tags}</way>")
    };
    let house = "<tag k='building' v='yes'/><tag k='addr:housenumber' v='1'/>";
    let stream = way(7, 1..=3, "").replace("highway", "waterway").replace("v=''", "v='stream'");
    let shared = [
        square(50, 6.101),
        ring(5, 50, house),
        square(60, 6.102),
        ring(6, 60, "<tag k='natural' v='water'/>"),
        square(70, 6.103),
        ring(8, 70, "<tag k='landuse' v='forest'/>"),
        stream,
        "<node id='80' lat='62.1' lon='6.11'><tag k='power' v='pole'/></node>".to_owned(),
    ]
    .concat();
    let west = osm(&[nodes(1..=3), way(1, 1..=3, "track"), shared.clone()]);
    let east = osm(&[nodes(1..=5), way(2, 3..=5, "track"), shared]);
    let staged = read(&[("w.osm", &west), ("e.osm", &east)]);
    let region = &staged.value;
    let once = [region.buildings.len(), region.water.len(), region.land.len(), region.lines.len(), region.poles.len()];
    assert_eq!(once, [1; 5]);
    assert_eq!((region.ways.len(), region.premises.len(), region.premises[0].building), (2, 1, Some(0)));
    // One file's own things are not compared: two houses of one id are two.
    let twin = |at: f64| {
        format!(
            r#"{{"type":"Feature","id":1,"properties":{{"building":"yes"}},"geometry":{{"type":"Polygon",
        "coordinates":[[[{at},62.1],[6.1,62.1001],[6.1001,62.1],[{at},62.1]]]}}}}"#
        )
    };
    let text = format!(r#"{{"type":"FeatureCollection","features":[{0},{0}]}}"#, twin(6.1));
    assert_eq!(read(&[("houses.geojson", &text), ("w.osm", &west)]).value.buildings.len(), 3);
}

#[test]
fn houses_without_addresses_are_pointed_out() {
    let house = |id: u32, number: &str| {
        let corner = |at: u32, x: f64, y: f64| {
            format!("<node id='{}' lat='{}' lon='{}'/>", id * 10 + at, 62.1 + y, 6.1 + f64::from(id) * 0.001 + x)
        };
        let corners = corner(0, 0.0, 0.0) + &corner(1, 0.0, 0.0001) + &corner(2, 0.0001, 0.0001);
        let references: String = [0, 1, 2, 0].iter().map(|at| format!("<nd ref='{}'/>", id * 10 + at)).collect();
        format!("{corners}<way id='{id}'>{references}<tag k='building' v='yes'/>{number}</way>")
    };
    let address = "<tag k='addr:housenumber' v='1'/>";
    for (addressed, code) in [(0, Some("no-addresses")), (1, Some("few-addresses")), (2, None)] {
        let houses: String = (1..=10).map(|id| house(id, if id <= addressed { address } else { "" })).collect();
        let text = osm(&[houses]);
        let staged = read(&[("a.osm", &text)]);
        assert_eq!(staged.issues.first().map(|issue| issue.code.as_str()), code);
        let remedy = "premises_from = \"all-buildings\"";
        assert!(staged.issues.iter().all(|issue| issue.message.contains(remedy) && issue.value == "10"));
    }
}

#[test]
fn addresses_told_in_other_ways_are_counted() {
    let house = "<node id='20' lat='62.1' lon='6.1'><tag k='addr:housename' v='Rose Cottage'/></node>";
    let between = way(2, 1..=3, "2").replace("highway", "addr:interpolation");
    let staged = read(&[("a.osm", &osm(&[nodes(1..=3), way(1, 1..=3, "busway"), between, house.to_owned()]))]);
    let told: Vec<_> = staged.issues.iter().map(|i| (i.code.as_str(), i.field.as_str(), i.value.as_str())).collect();
    let code = "addresses-not-read";
    assert_eq!(told, [(code, "addr:housename", "1"), (code, "addr:interpolation", "1")]);
}

#[test]
fn a_coordinate_system_of_a_file_that_is_always_in_degrees_is_listed_or_refused() {
    let text = osm(&[nodes(1..=2), way(1, 1..=2, "residential")]);
    let read = |epsg| {
        let input = Input { epsg: Some(epsg), ..Input::auto("a.osm") };
        let file = SourceFile { input, bytes: text.as_bytes().into() };
        import(&[file], &Options::default(), &mut Context::new(&mut Silent))
    };
    let listed = |epsg| read(epsg).expect("a system that is known").issues;
    assert!(listed(4326).iter().all(|issue| issue.code != "bad-epsg"));
    let issue = listed(25832).into_iter().find(|issue| issue.code == "bad-epsg").expect("it counts for nothing");
    assert_eq!((issue.field.as_str(), issue.value.as_str(), issue.file.as_str()), ("epsg", "25832", "a.osm"));
    assert!(read(99_999).expect_err("no such system").to_string().contains("99999"));
}
