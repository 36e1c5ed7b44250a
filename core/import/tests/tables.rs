//! Tables through the whole import: joins by id, address registers of several generations, columns under other names.

use std::cell::Cell;

use breiband_import::{ImportError, SourceFile, import};
use breiband_model::{Context, Input, Issue, Observer, Options, Region, Role, Silent, Staged};

fn file<'a>(name: &str, role: Role, text: &'a str) -> SourceFile<'a> {
    SourceFile { input: Input { role, ..Input::auto(name) }, bytes: text.as_bytes().into() }
}

fn read(files: &[SourceFile<'_>]) -> Staged<Region> {
    import(files, &Options::default(), &mut Context::new(&mut Silent)).expect("sound files")
}

/// Code, file, record, field and value of each issue.
fn listed(staged: &Staged<Region>) -> Vec<[&str; 5]> {
    fn row(i: &Issue) -> [&str; 5] {
        [&i.code, &i.file, &i.record, &i.field, &i.value]
    }
    staged.issues.iter().map(row).collect()
}

const ADDRESSES: &str = "id,lon,lat,street,number,postcode,city\n\
    a1,6.151,62.4702,Storgata,1,6002,Ålesund\na2,6.152,62.4703,Storgata,3,6002,Ålesund\n\
    a3,6.153,62.4704,Storgata,5,6002,Ålesund\n";

#[test]
fn service_and_sign_ups_join_by_id_and_each_fault_is_listed() {
    let service =
        "id,down_mbps,up_mbps,technology\na1,1000,500,fibre\na9,50,5,dsl\na1,30,3,dsl\na2,fast,1,dsl\n,7,7,dsl\n";
    let sign_ups = "id,signed_up\na2,ja\na3,nei\na2,nei\na8,ja\na1,perhaps\n";
    let staged = read(&[
        file("addresses.csv", Role::Auto, ADDRESSES),
        file("service.csv", Role::Service, service),
        file("sign-ups.csv", Role::SignUps, sign_ups),
    ]);
    let premises = &staged.value.premises;
    let speeds: Vec<_> = premises.iter().map(|p| p.service.as_ref().map(|s| (s.down_mbps, s.up_mbps))).collect();
    assert_eq!(speeds, [Some((1000.0, 500.0)), None, None]);
    assert_eq!(premises.iter().map(|p| p.signed_up).collect::<Vec<_>>(), [None, Some(true), Some(false)]);
    let mut found = listed(&staged);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ["bad-value", "service.csv", "line 5", "down", "fast"],
            ["bad-value", "sign-ups.csv", "line 6", "signed_up", "perhaps"],
            ["duplicate-service", "service.csv", "line 4", "id", "a1"],
            ["duplicate-sign-up", "sign-ups.csv", "line 4", "id", "a2"],
            ["no-id", "service.csv", "line 6", "id", ""],
            ["unknown-premises", "service.csv", "line 3", "id", "a9"],
            ["unknown-premises", "sign-ups.csv", "line 5", "id", "a8"],
        ]
    );
}

#[test]
fn what_stands_between_columns_is_found_or_asked_for() {
    let read_with = |header: &str, row: &str| {
        let text = format!("{header}\n{row}\n");
        let files = [file("addresses.csv", Role::Auto, ADDRESSES), file("s.csv", Role::Service, &text)];
        import(&files, &Options::default(), &mut Context::new(&mut Silent))
            .map(|region| listed(&region).iter().map(|issue| issue.map(str::to_owned)).collect::<Vec<_>>())
            .map_err(|error| error.to_string())
    };
    for between in [",", ";", "\t", "|"] {
        let joined = |cells: [&str; 2]| cells.join(between);
        let listed = read_with(&joined(["id", "down_mbps"]), &joined(["a1", "100"])).expect("it is read");
        assert!(listed.iter().all(|issue| issue[0] != "row-width"), "{between}");
    }
    let error = read_with("id:down_mbps", "a1:100").expect_err("no such separator");
    assert!(error.contains("a single column: id:down_mbps") && error.contains("semicolon"), "{error}");
    let listed = read_with("id,down_mbps", "a1;100").expect("the header is read");
    assert!(listed.iter().any(|issue| issue[0] == "row-width"), "{listed:?}");
}

#[test]
fn one_address_in_two_files_is_one_premises() {
    // The second file writes it otherwise, and eleven metres away; its other address is new, and so is the same name far away.
    let more = "id,lon,lat,street,number\nb1,6.1511,62.4703,STORGATA,1\nb2,6.16,62.4702,Strandvegen,2\nb3,6.6,62.4702,Storgata,1\n";
    let staged = read(&[file("one.csv", Role::Premises, ADDRESSES), file("two.csv", Role::Premises, more)]);
    let ids: Vec<_> = staged.value.premises.iter().map(|p| p.external_id.as_str()).collect();
    assert_eq!(ids, ["a1", "a2", "a3", "b2", "b3"]);
    assert_eq!(listed(&staged), [["same-address", "two.csv", "b1", "address", "storgata 1"]]);
    // Within one file a register means what it says: only the id makes a premises one.
    let twice = "id,lon,lat,street,number\na1,6.151,62.4702,Storgata,1\na2,6.151,62.4702,Storgata,1\na1,6.2,62.4702,Strandvegen,1\n";
    let staged = read(&[file("one.csv", Role::Premises, twice)]);
    assert_eq!(staged.value.premises.len(), 2);
    assert_eq!(listed(&staged), [["duplicate-premises", "one.csv", "a1", "id", "a1"]]);
}

#[test]
fn columns_may_go_by_other_names() {
    let text = "hus;oest;nord;gate\nx1;355785.58;6933009.23;Storgata\n";
    let mut given = file("huse.csv", Role::Premises, text);
    given.input.epsg = Some(25832);
    let names = [("id", "hus"), ("x", "Oest"), ("street", "gate")];
    given.input.columns = names.map(|(meaning, header)| (meaning.to_owned(), header.to_owned())).into();
    let staged = read(&[given.clone()]);
    let premises = &staged.value.premises[0];
    assert_eq!((premises.external_id.as_str(), premises.street.as_str()), ("x1", "Storgata"));
    // The place in degrees, as cs2cs has it.
    let degrees = read(&[file("huse.csv", Role::Premises, "id,lon,lat\nx1,6.2,62.5\n")]);
    assert!(premises.point.distance_mm(degrees.value.premises[0].point) < 10);
    given.input.columns.insert("street".into(), "vei".into());
    let error =
        import(&[given.clone()], &Options::default(), &mut Context::new(&mut Silent)).expect_err("no such column");
    assert!(error.to_string().contains("\"vei\"") && error.to_string().contains("gate"), "{error}");
    given.input.columns = [("colour".to_owned(), "gate".to_owned())].into();
    let error = import(&[given], &Options::default(), &mut Context::new(&mut Silent)).expect_err("no such meaning");
    assert!(error.to_string().contains("\"colour\"") && error.to_string().contains("down_mbps"), "{error}");
}

/// The address register's header as of 2025: 46 columns.
const REGISTER_2025: &str = "lokalid;kommunenummer;kommunenavn;adressetype;adressetilleggsnavn;adressetilleggsnavnKilde;adressekode;\
    adressenavn;nummer;bokstav;gardsnummer;bruksnummer;festenummer;undernummer;adresseTekst;adresseTekstUtenAdressetilleggsnavn;\
    EPSG-kode;Nord;Øst;postnummer;poststed;grunnkretsnummer;grunnkretsnavn;soknenummer;soknenavn;organisasjonsnummer;\
    tettstednummer;tettstednavn;valgkretsnummer;valgkretsnavn;oppdateringsdato;datauttaksdato;adresseId;uuidAdresse;atkomstId;\
    uuidAtkomst;atkomstNord;atkomstØst;sommeratkomstId;uuidSommeratkomst;sommeratkomstNord;sommeratkomstØst;vinteratkomstId;\
    uuidVinteratkomst;vinteratkomstNord;vinteratkomstØst";
/// Columns of districts, which the product of street addresses alone (37 columns, `lokalId` with a capital) does not have.
const DISTRICTS: [&str; 9] = [
    "grunnkretsnummer",
    "grunnkretsnavn",
    "soknenummer",
    "soknenavn",
    "organisasjonsnummer",
    "tettstednummer",
    "tettstednavn",
    "valgkretsnummer",
    "valgkretsnavn",
];
/// Identifiers that the oldest product (32 columns) does not have either.
const IDENTIFIERS: [&str; 5] = ["lokalId", "uuidAdresse", "uuidAtkomst", "uuidSommeratkomst", "uuidVinteratkomst"];

/// A file of the register: byte order mark, semicolons, carriage returns; rows by column name, all else empty.
fn register(columns: &[&str], rows: &[&[(&str, &str)]]) -> String {
    let mut text = format!("\u{feff}{}\r\n", columns.join(";"));
    for row in rows {
        let known = |key: &str| columns.iter().any(|name| name.eq_ignore_ascii_case(key));
        assert!(
            row.iter().all(|(key, _)| known(key) || IDENTIFIERS.contains(key) || DISTRICTS.contains(key)),
            "{row:?}"
        );
        let cell =
            |name: &&str| row.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value);
        text += &columns.iter().map(cell).collect::<Vec<_>>().join(";");
        text += "\r\n";
    }
    text
}

#[test]
fn three_generations_of_the_register_are_one() {
    let newest: Vec<&str> = REGISTER_2025.split(';').map(str::trim).collect();
    let without = |columns: &[&'static str], gone: &[&str]| -> Vec<&'static str> {
        columns.iter().copied().filter(|name| !gone.iter().any(|gone| gone.eq_ignore_ascii_case(name))).collect()
    };
    let mut middle = without(&newest, &DISTRICTS);
    middle[0] = "lokalId";
    let oldest = without(&middle, &IDENTIFIERS);
    assert_eq!([newest.len(), middle.len(), oldest.len()], [46, 37, 32]);
    let street: &[(&str, &str)] = &[
        ("lokalId", "11"),
        ("kommunenummer", "1504"),
        ("kommunenavn", "ÅLESUND"),
        ("adressetype", "vegadresse"),
        ("adressekode", "1080"),
        ("adressenavn", "Storgata"),
        ("nummer", "7"),
        ("bokstav", "B"),
        ("gardsnummer", "4"),
        ("bruksnummer", "12"),
        ("adresseTekst", "Storgata 7B"),
        ("adresseTekstUtenAdressetilleggsnavn", "Storgata 7B"),
        ("EPSG-kode", "25832"),
        ("Nord", "6933009.229584"),
        ("Øst", "355785.580650"),
        ("postnummer", "0602"),
        ("poststed", "ÅLESUND"),
        ("grunnkretsnummer", "15040101"),
        ("valgkretsnavn", "Sentrum"),
        ("oppdateringsdato", "29.03.2023 22:05:36.367"),
        ("datauttaksdato", "12.06.2025 09:03:43"),
        ("adresseId", "11"),
        ("uuidAdresse", "00000000-0000-4000-8000-000000000011"),
        ("atkomstId", "911"),
        ("uuidAtkomst", "00000000-0000-4000-8000-000000000911"),
        ("atkomstNord", "6933019.229584"),
        ("atkomstØst", "355785.580650"),
    ];
    // The same place in degrees, north before east as the register has them; a parcel without street and number.
    let parcel: &[(&str, &str)] = &[
        ("lokalId", "12"),
        ("kommunenummer", "301"),
        ("adressetype", "matrikkeladresse"),
        ("adressetilleggsnavn", "Nordgard"),
        ("adressetilleggsnavnKilde", "Matrikkelført"),
        ("gardsnummer", "9"),
        ("bruksnummer", "1"),
        ("festenummer", "3"),
        ("adresseTekst", "Nordgard, 9/1/3"),
        ("EPSG-kode", "4258"),
        ("Nord", "62.5"),
        ("Øst", "6.2"),
        ("oppdateringsdato", "01.01.2009 00:00:00"),
        ("adresseId", "12"),
    ];
    let wrong: &[(&str, &str)] =
        &[("adresseId", "13"), ("kommunenummer", "1504"), ("EPSG-kode", "utm"), ("Nord", "1"), ("Øst", "2")];
    for columns in [oldest, middle, newest] {
        let text = register(&columns, &[street, parcel, wrong]);
        let staged = read(&[file("matrikkelen.csv", Role::Auto, &text)]);
        let region = &staged.value;
        assert_eq!(region.sources[0].format, "matrikkelen-csv");
        assert_eq!(listed(&staged), [["bad-epsg", "matrikkelen.csv", "line 4", "EPSG", "utm"]]);
        let [street, parcel] = &region.premises[..] else { panic!("two premises: {:?}", region.premises) };
        assert_eq!(street.label(), "Storgata 7B, 0602 ÅLESUND");
        assert_eq!((street.external_id.as_str(), street.parcel.as_str()), ("11", "4/12"));
        assert_eq!((parcel.external_id.as_str(), parcel.parcel.as_str()), ("12", "9/1/3"));
        assert_eq!(parcel.street, "Nordgard");
        assert!(street.point.distance_mm(parcel.point) <= 1, "degrees and metres are one place");
        let access = street.access_point.expect("the way in to the house");
        assert!((9_990..=10_010).contains(&access.distance_mm(street.point)));
        assert_eq!(parcel.access_point, None);
        assert_eq!(region.sources[0].counts["access points"], 1);
        let codes: Vec<_> = region.municipalities.iter().map(|m| (m.code.as_str(), m.name.as_str())).collect();
        assert_eq!(codes, [("0301", "0301"), ("1504", "Ålesund")]);
    }
}

#[test]
fn sites_belong_to_the_premises_they_are_in_or_near() {
    let sites = "id,name,kind,lon,lat\ns1,Skulen,school,6.1511,62.4702\ns2,Masta,mast,6.19,62.4702\ns1,Atter,library,6.151,62.4702\n";
    let house = r#"{"type":"Feature","id":"h","properties":{"building":"yes"},"geometry":{"type":"Polygon","coordinates":
        [[[6.1529,62.4703],[6.1540,62.4703],[6.1540,62.4705],[6.1529,62.4705],[6.1529,62.4703]]]}}"#;
    // In the house of a3, but 46 m from its point: the house decides.
    let hall = "id,name,kind,lon,lat\ns3,Rådhuset,town_hall,6.1539,62.4704\n";
    let staged = read(&[
        file("addresses.csv", Role::Auto, ADDRESSES),
        file("buildings.geojson", Role::Buildings, house),
        file("sites.csv", Role::Sites, sites),
        file("halls.csv", Role::Sites, hall),
    ]);
    let found: Vec<_> = staged.value.sites.iter().map(|s| (s.name.as_str(), s.premises.map(|p| p.index()))).collect();
    assert_eq!(found, [("Skulen", Some(0)), ("Masta", None), ("Rådhuset", Some(2))]);
    assert_eq!(listed(&staged), [["duplicate-site", "sites.csv", "s1", "", ""]]);
}

/// Cancels once it has been asked so often.
struct CancelAfter(Cell<u32>);

impl Observer for CancelAfter {
    fn cancelled(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left == 0
    }
}

#[test]
fn a_cancel_is_heard_within_a_file_of_any_format() {
    const RECORDS: u32 = 20_000;
    let records = |each: fn(u32) -> String, between: &str| (0..RECORDS).map(each).collect::<Vec<_>>().join(between);
    let csv = "id,lon,lat\n".to_owned() + &records(|n| format!("a{n},{},62.5", 6.0 + f64::from(n) / 1e5), "\n");
    let point = |n: u32| {
        let lon = 6.0 + f64::from(n) / 1e5;
        format!(
            r#"{{"type":"Feature","properties":{{"number":"{n}"}},"geometry":{{"type":"Point","coordinates":[{lon},62]}}}}"#
        )
    };
    let geojson = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, records(point, ","));
    let node = |n: u32| {
        format!(
            r#"<node id="{n}" lat="62" lon="{}"><tag k="addr:housenumber" v="{n}"/></node>"#,
            6.0 + f64::from(n) / 1e5
        )
    };
    let osm = format!("<osm>{}</osm>", records(node, "\n"));
    for (name, text) in [("a.csv", &csv), ("a.geojson", &geojson), ("a.osm", &osm)] {
        let file = [file(name, Role::Premises, text)];
        let ask = |times: u32| {
            let mut observer = CancelAfter(Cell::new(times));
            let result = import(&file, &Options::default(), &mut Context::new(&mut observer));
            (result, times - observer.0.get())
        };
        let (whole, asked) = ask(u32::MAX);
        assert_eq!(whole.expect("a sound file").value.premises.len(), RECORDS as usize, "{name}");
        // While it is read, while it is joined, and not only at the ends of both.
        assert!(asked > RECORDS / 256 + 4, "{name}: asked {asked} times");
        for times in [0, 1, 3, asked / 2, asked - 1] {
            assert_eq!(
                ask(times).0.expect_err(name),
                ImportError::Cancelled(breiband_model::Cancelled),
                "{name} {times}"
            );
        }
    }
    // A tile of 3″: once a row, at least.
    let tile = [SourceFile { input: Input::auto("N62E006.hgt"), bytes: vec![0; 1201 * 1201 * 2].into() }];
    for times in [1, 600, 1_200] {
        let mut observer = CancelAfter(Cell::new(times));
        let refused = import(&tile, &Options::default(), &mut Context::new(&mut observer)).expect_err("cancelled");
        assert_eq!(refused, ImportError::Cancelled(breiband_model::Cancelled), "{times}");
    }
}

#[test]
fn masts_come_from_tables_and_features_and_terrain_from_rasters() {
    let table = "id,lon,lat,name,height_m,sectors,existing\nm1,6.15,62.47,Fjell,42.5,4,yes\nm2,6.16,62.47,,tall,99,perhaps\n\
                 m1,6.18,62.47,Fjell,30,3,no\n";
    let features = r#"{"type":"Feature","properties":{"id":"m3","name":"Ås","height_m":24,"existing":"no"},
        "geometry":{"type":"Point","coordinates":[6.17,62.48]}}"#;
    let file = |path: &str, role, bytes: &[u8]| SourceFile {
        input: Input { role, ..Input::auto(path) },
        bytes: bytes.to_vec().into(),
    };
    let ways = br#"{"type":"Feature","properties":{"highway":"track"},
        "geometry":{"type":"LineString","coordinates":[[6.15,62.47],[6.17,62.48]]}}"#;
    // A tile of 3": 100 m everywhere.
    let tile: Vec<u8> = (0..1201 * 1201).flat_map(|_| 100_i16.to_be_bytes()).collect();
    let files = [
        file("masts.csv", Role::Auto, table.as_bytes()),
        file("more.geojson", Role::Masts, features.as_bytes()),
        file("ways.geojson", Role::Auto, ways),
        file("N62E006.hgt", Role::Auto, &tile),
    ];
    let region = import(&files, &Options::default(), &mut Context::new(&mut Silent)).expect("sound files");
    let said: Vec<_> =
        region.value.masts.iter().map(|m| (m.name.as_str(), m.height_mm, m.sectors, m.existing)).collect();
    let expect = [("Fjell", Some(42_500), Some(4), true), ("m2", None, None, false), ("Ås", Some(24_000), None, false)];
    assert_eq!(said, expect);
    let wrong: Vec<&str> = region.issues.iter().map(|issue| issue.field.as_str()).collect();
    assert_eq!(wrong, ["height_m", "sectors", "existing", ""]);
    let twice = region.issues.last().expect("an issue");
    assert_eq!(
        (twice.code.as_str(), twice.file.as_str(), twice.record.as_str()),
        ("duplicate-mast", "masts.csv", "m1")
    );
    let mut parts = region.value.clone().into_parts();
    parts.masts[1].external_id = "m1".to_owned();
    assert!(Region::new(parts).expect_err("two of one id").to_string().contains("masts m1"));
    let terrain = region.value.terrain.as_ref().expect("a lattice");
    assert!(terrain.heights().iter().all(|&h| h == 100_000) && terrain.unknown() == 0);
    assert_eq!(region.value.sources[3].format, "srtm-hgt");
    // A raster is nothing else, and a tile of another size none.
    let refused = |file: SourceFile<'_>| {
        import(&[file], &Options::default(), &mut Context::new(&mut Silent)).expect_err("refused").to_string()
    };
    assert!(refused(file("N62E006.hgt", Role::Premises, &tile)).contains("raster of heights"));
    assert!(refused(file("N62E006.hgt", Role::Auto, &tile[1..])).contains("2,884,802"));
    assert!(refused(file("somewhere.hgt", Role::Auto, &tile)).contains("N47E009"));
}

#[test]
fn a_handover_with_an_opening_cost_is_a_point_of_presence() {
    let table = "id,lon,lat,name,opening_cost,opening_source\n\
        h1,6.15,62.47,Exchange,,\nh2,6.151,62.47,Hut,350000.50,Offer\nh3,6.152,62.47,Shed,cheap,\n";
    let region = read(&[file("addresses.csv", Role::Auto, ADDRESSES), file("handovers.csv", Role::Handovers, table)]);
    let openings: Vec<_> = region.value.handovers.iter().map(|h| h.opening.as_ref()).collect();
    assert!(openings[0].is_none() && openings[2].is_none());
    let hut = openings[1].expect("a cost");
    assert_eq!((hut.cost.as_minor(), hut.source.as_str()), (35_000_050, "Offer"));
    assert_eq!(listed(&region), [["bad-value", "handovers.csv", "line 4", "opening_cost", "cheap"]]);
    // The same names as in GeoJSON.
    let short = "id,lon,lat,name,opening,source_of_cost\nh2,6.151,62.47,Hut,350000,Offer\n";
    let feature = r#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[6.151,62.47]},
        "properties":{"id":"h2","name":"Hut","opening":350000,"source_of_cost":"Offer"}}]}"#;
    for (name, text) in [("handovers.csv", short), ("handovers.geojson", feature)] {
        let region = read(&[file("addresses.csv", Role::Auto, ADDRESSES), file(name, Role::Handovers, text)]);
        let hut = region.value.handovers[0].opening.clone().expect(name);
        assert_eq!((hut.cost.as_minor(), hut.source.as_str()), (35_000_000, "Offer"), "{name}");
    }
}

#[test]
fn a_later_files_borders_replace_those_of_the_same_municipalities() {
    let square = |code: &str, name: &str, west: f64, east: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"code":"{code}","name":"{name}"}},"geometry":{{"type":"Polygon",
            "coordinates":[[[{west},62.4],[{east},62.4],[{east},62.5],[{west},62.5],[{west},62.4]]]}}}}"#
        )
    };
    let collection = |all: &[String]| format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, all.join(","));
    // Mainland and island in one file, and a neighbour.
    let parts = [square("1", "West", 6.1, 6.1512), square("1", "West", 6.1513, 6.152), square("2", "East", 6.152, 6.2)];
    let (first, second) = (collection(&parts), collection(&[square("1", "Wider", 6.1, 6.18)]));
    let read = |files: &[(&str, &str)]| {
        let files = files.iter().map(|(name, text)| file(name, Role::Borders, text));
        let all: Vec<_> = std::iter::once(file("addresses.csv", Role::Auto, ADDRESSES)).chain(files).collect();
        let region = read(&all);
        let shown = region.value.municipalities.iter().map(|one| (one.code.clone(), one.name.clone(), one.area.len()));
        (shown.collect::<Vec<_>>(), listed(&region).iter().filter(|one| one[0] == "borders-replaced").count())
    };
    let named = |code: &str, name: &str, count| (code.to_owned(), name.to_owned(), count);
    let alone = read(&[("a.geojson", &first)]);
    assert_eq!(alone, (vec![named("1", "West", 2), named("2", "East", 1)], 0));
    let both = read(&[("a.geojson", &first), ("b.geojson", &second)]);
    assert_eq!(both, (vec![named("1", "Wider", 1), named("2", "East", 1)], 1));
}

#[test]
fn tables_as_spreadsheets_leave_them() {
    let table = "sep=;\nid;x;y;number\n\n1;353 222,10;6 930 000,20;1\n;;;\n2;353\u{a0}322,1;6'930'000.2;2\n3;6\u{b0}9'3\"E;x;3\n";
    let input = Input { epsg: Some(25832), role: Role::Premises, ..Input::auto("a.csv") };
    let staged = read(&[SourceFile { input, bytes: table.as_bytes().into() }]);
    let [first, second] = &staged.value.premises[..] else { panic!("{:?}", staged.value.premises) };
    assert!((99_900..100_100).contains(&first.point.distance_mm(second.point)));
    assert_eq!(listed(&staged), [["bad-coordinate", "a.csv", "line 7", "x", "6\u{b0}9'3\"E"]]);
    // Decimal commas between commas: the fields are too many.
    let staged = read(&[file("b.csv", Role::Auto, "id,lon,lat\n1,6,151,62,4702\n")]);
    assert!(staged.issues[0].to_string().contains("decimal"), "{:?}", staged.issues);
}

#[test]
fn a_place_far_away_is_told_what_is_probably_wrong_with_it() {
    let rows = "4,62.4703,6.152\n5,0,0\n6,-70,40\n";
    let staged = read(&[file(
        "a.csv",
        Role::Auto,
        &format!(
            "id,lon,lat\n1,6.151,62.4702\n2,6.152,62.4702\n3,6.153,62.4702\n7,6.153,62.4701\n8,6.154,62.4701\n{rows}"
        ),
    )]);
    let said: Vec<_> = staged.issues.iter().map(|issue| (issue.record.as_str(), issue.message.as_str())).collect();
    for ((record, message), (id, part)) in
        said.iter().zip([("4", "two numbers swapped"), ("5", "not known"), ("6", "another region")])
    {
        assert!(*record == id && message.contains(part), "{record}: {message}");
    }
    assert_eq!(said.len(), 3);
}

#[test]
fn a_system_that_is_not_known_refuses_the_table() {
    let input = Input { epsg: Some(99_999), ..Input::auto("a.csv") };
    let files = [SourceFile { input, bytes: ADDRESSES.as_bytes().into() }];
    let refused = import(&files, &Options::default(), &mut Context::new(&mut Silent)).expect_err("no such system");
    assert!(refused.to_string().starts_with("a.csv: EPSG:99999 is not known here"), "{refused}");
}
