//! OSM files against their known counts, against each other, against osmium, and against damage.

use std::path::{Path, PathBuf};
use std::process::Command;

use breiband_model::{Structure, count_by_code};

use super::*;

fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("BREIBAND_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let file = root.join("data").join(path);
    let there = file.exists();
    if !there {
        eprintln!("SKIPPED: {} is not there", file.display());
    }
    there.then_some(file)
}

fn read_all(bytes: &[u8], format: OsmFormat) -> Result<RawRegion, ReadError> {
    read(bytes, format, &OsmOptions::default(), &mut Context::new(&mut Silent))
}

fn check_counts(file: &str, format: OsmFormat, expected: &[(&str, u64)]) {
    let Some(path) = shared(file) else { return };
    let region = read_all(&std::fs::read(path).unwrap(), format).unwrap();
    for (key, count) in expected {
        assert_eq!(region.counts.get(*key), Some(count), "{key} in {:#?}", region.counts);
    }
    let ids: std::collections::BTreeSet<_> = region.premises.iter().map(|p| &p.external_id).collect();
    assert_eq!(ids.len(), region.premises.len(), "ids of premises are unique");
    assert!(region.ways.iter().all(|w| w.nodes.len() >= 2 && w.nodes.windows(2).all(|n| n[0] != n[1])));
    let duplicates = count_by_code(&region.issues).get("duplicate-address").copied().unwrap_or(0);
    let objects = region.counts["addresses"] + region.counts["address_relations"];
    assert_eq!(region.premises.len() as u64 + duplicates, objects, "each address is a premises or a listed duplicate");
}

#[test]
fn liechtenstein_to_the_unit() {
    check_counts(
        "osm/liechtenstein-2025-09-19.osm.pbf",
        OsmFormat::Pbf,
        &[
            ("addresses", 12_534),
            ("address_ways", 12_201),
            ("address_nodes", 333),
            ("distinct_street_number", 11_831),
            ("buildings", 17_769),
            ("road_metres", 1_030_104),
            ("road_junctions", 8_605),
            ("road_edges", 11_415),
            ("road_components", 42),
            // 97.2 % of 52,198 nodes, rounded: 97.145.
            ("road_nodes", 52_198),
            ("road_largest_component_nodes", 50_708),
            ("schools", 19),
            ("kindergartens", 20),
            ("town_halls", 9),
            ("fire_stations", 10),
            ("masts", 36),
            ("tunnels", 57),
            ("bridges", 366),
            // The eleven municipalities of the country; those of its neighbours leave the extract.
            ("municipalities", 11),
        ],
    );
}

#[test]
fn anholt_to_the_unit() {
    check_counts(
        "osm/anholt.osm.gz",
        OsmFormat::XmlGz,
        &[("address_nodes", 576), ("buildings", 733), ("road_metres", 45_968), ("road_components", 1)],
    );
}

#[test]
fn oslo_to_the_unit() {
    check_counts(
        "osm/oslo-center.osm.pbf",
        OsmFormat::Pbf,
        &[
            ("address_nodes", 13_227),
            ("buildings_without_address", 10_080),
            ("missing_node_references_of_highways", 3_461),
            ("missing_node_references", 10_582),
        ],
    );
}

/// The files of libosmium's I/O tests and pyogrio's sample: what we make of each, and why.
#[test]
fn corpus() {
    use OsmFormat::{Pbf, Xml, XmlGz};
    // File, read as, nodes and ways and relations; or a part of the error.
    #[allow(clippy::type_complexity, reason = "the table reads best with its columns' types beside it")]
    let table: &[(&str, OsmFormat, Result<[u64; 3], &str>)] = &[
        ("data.osm", Xml, Ok([1, 0, 0])),
        ("data.osm.gz", XmlGz, Ok([1, 0, 0])),
        ("data-n5w1r0.osm", Xml, Ok([5, 1, 0])),
        ("data-n5w0r3.osm", Xml, Ok([5, 0, 3])),
        ("data-n5w1r3.osm", Xml, Ok([5, 1, 3])),
        // A way whose nodes are not in the file: listed.
        ("data-n0w1r3.osm", Xml, Ok([0, 1, 3])),
        ("data_pbf_version-1.osm", Xml, Ok([1, 0, 0])),
        ("data_pbf_version-1.osm.pbf", Pbf, Ok([1, 0, 0])),
        ("data_pbf_version-1-densenodes.osm.pbf", Pbf, Ok([1, 0, 0])),
        // History files: PBF says so in its header. XML does not: what is marked deleted is passed over.
        ("deleted_nodes.osh.pbf", Pbf, Err("history file")),
        ("deleted_nodes.osh", Xml, Ok([1, 0, 0])),
        // Formats that are not read: the error names them and says how to convert.
        ("data-n5w1r3.osm.o5m", Pbf, Err("looks like o5m; convert it with `osmium cat")),
        ("data.opl", Xml, Err("looks like OPL")),
        ("data-nonl.opl", Xml, Err("looks like OPL")),
        ("data-cr.opl", Xml, Err("looks like OPL")),
        ("data.osm.bz2", Xml, Err("looks like bzip2; unpack")),
        ("corrupt_data_bzip2.txt.bz2", Xml, Err("looks like bzip2")),
        // Broken, or no OSM at all.
        ("empty_file", Pbf, Err("the file is empty")),
        // Its text is seen to be no XML before the end of the stream, where the damage is, comes up.
        ("corrupt_data_gzip.txt.gz", XmlGz, Err("expected OSM XML")),
        ("data_gzip.txt.gz", XmlGz, Err("expected OSM XML")),
        ("data.txt", Pbf, Err("expected OSM PBF")),
    ];
    let Some(folder) = shared("corpus/osm/libosmium-io/test/t/io") else { return };
    for (name, format, expected) in table {
        check_file(&folder.join(name), *format, *expected);
    }
    if let Some(sample) = shared("corpus/geopackage/pyogrio/pyogrio/tests/fixtures/sample.osm.pbf") {
        let region = read_all(&std::fs::read(sample).unwrap(), Pbf).unwrap();
        assert!(region.counts["elements_nodes"] > 0);
    }
}

fn check_file(path: &Path, format: OsmFormat, expected: Result<[u64; 3], &str>) {
    let name = path.display();
    match (read_all(&std::fs::read(path).unwrap(), format), expected) {
        (Ok(region), Ok(counts)) => {
            let read = ["elements_nodes", "elements_ways", "elements_relations"].map(|key| region.counts[key]);
            assert_eq!(read, counts, "{name}");
        }
        (Err(error), Err(part)) => {
            let text = error.to_string();
            assert!(text.contains(part), "{name}: {text}");
        }
        (Ok(_), Err(part)) => panic!("{name} was read, but should say {part}"),
        (Err(error), Ok(_)) => panic!("{name}: {error}"),
    }
}

/// osmium writes our PBF as XML: the two readers must make the same region of the two.
#[test]
fn pbf_and_xml_agree_through_osmium() {
    if Command::new("osmium").arg("--version").output().is_err() {
        eprintln!("SKIPPED: osmium is not installed");
        return;
    }
    for file in ["osm/liechtenstein-2025-09-19.osm.pbf", "osm/oslo-center.osm.pbf"] {
        let Some(pbf) = shared(file) else { continue };
        let xml = std::env::temp_dir().join(format!("breiband-osm-{}.osm", std::process::id()));
        let done = Command::new("osmium").arg("cat").arg(&pbf).args(["-O", "-o"]).arg(&xml).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let bytes = std::fs::read(&xml).unwrap();
        std::fs::remove_file(&xml).unwrap();
        let ours = read_all(&std::fs::read(&pbf).unwrap(), OsmFormat::Pbf).unwrap();
        let theirs = RawRegion { format: ours.format.clone(), ..read_all(&bytes, OsmFormat::Xml).unwrap() };
        assert!(ours == theirs, "{file} differs between PBF and XML");
    }
}

const SMALL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
<node id="1" lat="62.1" lon="6.1"/><node id="2" lat="62.1001" lon="6.1"/><node id="3" lat="62.1002" lon="6.1"/>
<node id="4" lat="62.2" lon="6.2"><tag k="addr:housenumber" v="1"/><tag k="addr:street" v="Storgata"/></node>
<node id="5" lat="NaN" lon="6.2"/><node id="6" lat="95" lon="6.2"/><node id="3" lat="62.3" lon="6.1"/>
<node id="7" lat="62.1000" lon="6.1001"/><node id="8" lat="62.1001" lon="6.1001"/>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="99"/><nd ref="3"/><nd ref="2"/><tag k="highway" v="track"/><tag k="bridge" v="yes"/></way>
<way id="11"><nd ref="1"/><tag k="highway" v="path"/></way>
<way id="12"><nd ref="1"/><nd ref="2"/><tag k="highway" v="construction"/></way>
<way id="13"><nd ref="1"/><nd ref="7"/><nd ref="8"/><nd ref="2"/><nd ref="1"/><tag k="building" v="house"/>
<tag k="addr:housenumber" v="1"/><tag k="addr:street" v="storgata "/></way>
<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/></way>
</osm>"#;

#[test]
fn problems_are_listed_and_the_rest_is_read() {
    let region = read_all(SMALL.as_bytes(), OsmFormat::Xml).unwrap();
    let codes = count_by_code(&region.issues);
    let expected = [("bad-coordinate", 2), ("duplicate-id", 2), ("missing-node", 1), ("short-way", 1)];
    assert_eq!(codes, expected.map(|(code, count)| (code.to_owned(), count)).into(), "{:#?}", region.issues);
    // The way is cut at its missing node.
    assert_eq!(region.ways.len(), 2);
    assert!(region.ways.iter().all(|w| w.external_id == "way/10" && w.structure == Structure::Bridge));
    // Eleven kilometres apart and no town said: two addresses.
    assert_eq!(region.premises.len(), 2);
    assert_eq!(region.counts["highways_excluded"], 1);
    let house = region.premises.iter().find(|p| p.external_id == "way/13").unwrap();
    assert_eq!((house.building, house.kind), (Some(0), breiband_model::PremisesKind::Home));
}

#[test]
fn all_buildings_are_premises_if_asked() {
    let options = OsmOptions { premises_from: PremisesFrom::AllBuildings };
    let region = read(SMALL.as_bytes(), OsmFormat::Xml, &options, &mut Context::new(&mut Silent)).unwrap();
    assert_eq!(region.premises.iter().map(|p| p.external_id.as_str()).collect::<Vec<_>>(), ["way/13"]);
}

#[test]
fn a_building_of_a_relation_and_its_outer_way_is_one() {
    let node = |id: u32, lon: f64, lat: f64| format!("<node id='{id}' lon='{lon}' lat='{lat}'/>");
    let ring = |id: u32, from: u32, tags: &str| {
        let refs: String = (0..5).map(|i| format!("<nd ref='{}'/>", from + i % 4)).collect();
        format!("<way id='{id}'>{refs}{tags}</way>")
    };
    let square = |from: u32, half: f64| {
        let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
        corners.iter().zip(from..).map(|((x, y), id)| node(id, 9.5 + x * half, 47.1 + y * half)).collect::<String>()
    };
    let house = "<tag k='building' v='yes'/>";
    let address = "<tag k='addr:street' v='Gasse'/><tag k='addr:housenumber' v='1'/>";
    // The address on the way, on the relation, on both.
    for (way, relation, addresses) in [(address, "", 1), ("", address, 1), (address, address, 2)] {
        let text = format!(
            "<osm version='0.6'>{}{}{}{}<relation id='7'><member type='way' ref='1' role='outer'/>\
             <member type='way' ref='2' role='inner'/><tag k='type' v='multipolygon'/>{house}{relation}</relation></osm>",
            square(10, 0.001),
            square(20, 0.0005),
            ring(1, 10, &format!("{house}{way}")),
            ring(2, 20, ""),
        );
        for premises_from in [PremisesFrom::Addresses, PremisesFrom::AllBuildings] {
            let options = OsmOptions { premises_from };
            let region = read(text.as_bytes(), OsmFormat::Xml, &options, &mut Context::new(&mut Silent)).unwrap();
            let buildings: Vec<_> = region.buildings.iter().map(|b| (b.0.as_str(), b.1.holes.len())).collect();
            assert_eq!(buildings, [("relation/7", 1)]);
            let [premises] = &region.premises[..] else { panic!("{:?}", region.premises) };
            assert_eq!((premises.external_id.as_str(), premises.number.as_str()), ("relation/7", "1"));
            assert_eq!(premises.building, Some(0));
            // In the house, not in its yard.
            let off = (premises.point.lon - 9.5).abs().max((premises.point.lat - 47.1).abs());
            assert!((0.0005..0.001).contains(&off), "{:?}", premises.point);
            assert_eq!(region.counts["addresses"] + region.counts["address_relations"], addresses);
        }
    }
}

#[test]
fn broken_xml_names_the_place() {
    for (text, part) in [
        ("<osm><node id='1' lat='1' lon='1'>", "in node/1: the file ends before </osm>"),
        ("<osm><node id='1' lat='1' lon='1'></way></osm>", "the XML is broken"),
        ("<kml><a/></kml>", "<kml>, not <osm>"),
        ("<osmChange/>", "apply-changes"),
        ("{\"type\": 1}", "looks like JSON"),
        ("<html><body>404</body></html>", "web page"),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><osm/>", "convert it to UTF-8"),
    ] {
        let error = read_all(text.as_bytes(), OsmFormat::Xml).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    let text = b"<osm><node id='1' lat='1' lon='1'><tag k='name' v='\xff\xfe'/></node></osm>";
    assert_eq!(count_by_code(&read_all(text, OsmFormat::Xml).unwrap().issues)["not-utf8"], 1);
}

/// A protocol-buffer field that holds bytes.
fn field(tag: u8, bytes: &[u8]) -> Vec<u8> {
    [&[tag << 3 | 2][..], &varint(bytes.len() as u64), bytes].concat()
}

fn number(tag: u16, value: u64) -> Vec<u8> {
    [varint(u64::from(tag) << 3), varint(value)].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn signed(values: &[i64]) -> Vec<u8> {
    values.iter().flat_map(|&v| varint(((v << 1) ^ (v >> 63)) as u64)).collect()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn blob_of(kind: &str, blob: &[u8], claimed: u64) -> Vec<u8> {
    let header = [field(1, kind.as_bytes()), number(3, claimed)].concat();
    [&(header.len() as u32).to_be_bytes()[..], &header, blob].concat()
}

fn packed(kind: &str, block: &[u8]) -> Vec<u8> {
    let blob = [number(2, block.len() as u64), field(3, &zlib(block))].concat();
    blob_of(kind, &blob, blob.len() as u64)
}

fn header() -> Vec<u8> {
    packed("OSMHeader", &[field(4, b"OsmSchema-V0.6"), field(4, b"DenseNodes")].concat())
}

/// Three nodes, one of them an address, a road over two of them, and a text that is not UTF-8.
fn small_pbf() -> Vec<u8> {
    let strings = ["", "highway", "track", "addr:housenumber", "7", "name"];
    let table: Vec<u8> =
        strings.iter().map(|s| s.as_bytes()).chain([&b"\xff\xfe"[..]]).flat_map(|s| field(1, s)).collect();
    let dense = [
        field(1, &signed(&[1, 1, 1])),
        field(8, &signed(&[621_000_000, 1_000, 1_000])),
        field(9, &signed(&[61_000_000, 0, 0])),
        field(10, &[0, 0, 3, 4, 0]),
    ]
    .concat();
    let way = [number(1, 20), field(2, &[1, 5]), field(3, &[2, 6]), field(8, &signed(&[1, 1]))].concat();
    let block = [field(1, &table), field(2, &field(2, &dense)), field(2, &field(3, &way))].concat();
    [header(), packed("OSMData", &block)].concat()
}

#[test]
fn a_small_pbf_reads() {
    let region = read_all(&small_pbf(), OsmFormat::Pbf).unwrap();
    assert_eq!((region.ways.len(), region.premises.len(), region.nodes.len()), (1, 1, 2));
    assert_eq!((region.nodes[1].lat, region.nodes[1].lon), (62.1001, 6.1));
    assert_eq!(count_by_code(&region.issues)["not-utf8"], 1);
}

/// `osmium add-locations-to-ways` writes ways that say where their nodes lie, and leaves out the nodes.
#[test]
fn a_pbf_with_locations_on_ways_needs_no_nodes() {
    let table: Vec<u8> = ["", "highway", "track"].iter().flat_map(|s| field(1, s.as_bytes())).collect();
    let places = [field(9, &signed(&[621_000_000, 1_000])), field(10, &signed(&[61_000_000, 0]))].concat();
    let way = [number(1, 20), field(2, &[1]), field(3, &[2]), field(8, &signed(&[1, 1])), places].concat();
    let block = [field(1, &table), field(2, &field(3, &way))].concat();
    let region = read_all(&[header(), packed("OSMData", &block)].concat(), OsmFormat::Pbf).unwrap();
    assert_eq!((region.ways.len(), region.issues.len()), (1, 0));
    assert_eq!((region.nodes[1].lat, region.nodes[1].lon), (62.1001, 6.1));
}

#[test]
fn sizes_are_checked_before_anything_is_allocated() {
    let lying = |size: u64| {
        let blob = [number(2, size), field(3, &zlib(b"abc"))].concat();
        [header(), blob_of("OSMData", &blob, blob.len() as u64)].concat()
    };
    // 33 million zeros in a block of 32 KiB, often.
    let zeros = packed("OSMData", &vec![0; 32 << 20]);
    let bomb = [header(), zeros.repeat(40)].concat();
    let mut long_header = header();
    long_header[..4].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff]);
    for (bytes, part) in [
        (long_header, "a block header of 2147483647 bytes is over the limit of 65536"),
        ([header(), blob_of("OSMData", b"", 1 << 40)].concat(), "a block of 1099511627776 bytes is over the limit"),
        ([header(), blob_of("OSMData", b"", 1000)].concat(), "truncated"),
        (lying(1 << 33), "an unpacked block of 8589934592 bytes is over the limit"),
        (lying(2), "another size than it says"),
        (lying(4), "another size than it says"),
        (bomb, "bytes"),
        (packed("OSMData", b""), "begins with data"),
        (b"<!DOCTYPE html><html><body>404 Not Found</body></html>".to_vec(), "looks like a web page"),
    ] {
        let error = read_all(&bytes, OsmFormat::Pbf).unwrap_err().to_string();
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn a_gzip_bomb_stops() {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(b"<osm>").unwrap();
    let spaces = vec![b' '; 1 << 20];
    (0..64).for_each(|_| encoder.write_all(&spaces).unwrap());
    let error = read_all(&encoder.finish().unwrap(), OsmFormat::XmlGz).unwrap_err();
    assert!(error.to_string().contains("more than 60 times its size"), "{error}");
}

/// Every truncation and every flipped bit of a small file is read or refused, and never panics.
#[test]
fn damage_never_panics() {
    for (bytes, format) in [(small_pbf(), OsmFormat::Pbf), (SMALL.as_bytes().to_vec(), OsmFormat::Xml)] {
        for length in 0..bytes.len() {
            let truncated = read_all(&bytes[..length], format);
            let boundary = format == OsmFormat::Pbf && length == header().len();
            assert_eq!(truncated.is_ok(), boundary, "cut to {length} bytes");
        }
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let _ = read_all(&flipped, format);
        }
    }
    // Flips inside the packed block are caught by zlib's checksum: flip the unpacked block as well.
    let block = [field(1, &field(1, b"x")), field(2, &field(2, &field(1, &signed(&[1, i64::MAX, i64::MAX]))))].concat();
    for bit in 0..block.len() * 8 {
        let mut flipped = block.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let _ = read_all(&[header(), packed("OSMData", &flipped)].concat(), OsmFormat::Pbf);
    }
}
