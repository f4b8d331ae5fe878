//! What the camera claims about time and place.

use doorstep_photo::ExifFacts;

use crate::fixtures::{Entry, Jpeg, Tiff, plain, quarters};

fn facts(tiff: &Tiff) -> ExifFacts {
    let bytes = Jpeg::default().write(&quarters(32, 32), Some(&tiff.bytes()));
    plain(&bytes).unwrap().exif
}

fn phone() -> Tiff {
    Tiff {
        big_endian: false,
        main: vec![
            Entry::Text(0x010f, "HUAWEI"),
            Entry::Text(0x0110, "ALN-AL00"),
            Entry::Short(0x0112, 8),
        ],
        exif: vec![
            Entry::Text(0x9003, "2026:11:22 13:52:07"),
            Entry::Text(0x9011, "+08:00"),
        ],
        gps: vec![
            Entry::Text(1, "N"),
            Entry::Rationals(2, vec![(30, 1), (16, 1), (2_712, 100)]),
            Entry::Text(3, "E"),
            Entry::Rationals(4, vec![(120, 1), (7, 1), (4_050, 100)]),
        ],
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn both_byte_orders_are_read() {
    for big_endian in [false, true] {
        let tiff = Tiff {
            big_endian,
            ..phone()
        };
        let wanted = ExifFacts {
            taken_at: some("2026-11-22T13:52:07"),
            offset: some("+08:00"),
            lat: some("30.274200"),
            lon: some("120.127917"),
            orientation: 8,
            make_model: some("HUAWEI ALN-AL00"),
        };
        assert_eq!(facts(&tiff), wanted);
    }
}

#[test]
fn south_and_west_are_negative() {
    let mut tiff = phone();
    tiff.gps[0] = Entry::Text(1, "S");
    tiff.gps[2] = Entry::Text(3, "W");
    let facts = facts(&tiff);
    assert_eq!(facts.lat, some("-30.274200"));
    assert_eq!(facts.lon, some("-120.127917"));
}

#[test]
fn impossible_claims_are_no_claims() {
    for time in [
        "0000:00:00 00:00:00",
        "2026:13:01 00:00:00",
        "2026:02:29 10:00:00",
        "yesterday",
    ] {
        let tiff = Tiff {
            exif: vec![Entry::Text(0x9003, time)],
            ..phone()
        };
        assert_eq!(facts(&tiff).taken_at, None, "{time}");
    }
    for zone in ["+25:00", "08:00", "+8:00", "+08:60", "+０８:00"] {
        let tiff = Tiff {
            exif: vec![Entry::Text(0x9011, zone)],
            ..phone()
        };
        assert_eq!(facts(&tiff).offset, None, "{zone}");
    }
    let zero = vec![(0, 1), (0, 1), (0, 1)];
    let beyond = vec![(91, 1), (0, 1), (0, 1)];
    let broken = vec![(30, 0), (0, 1), (0, 1)];
    for (lat, lon) in [
        (zero.clone(), zero.clone()),
        (beyond, zero.clone()),
        (broken, zero),
    ] {
        let mut tiff = phone();
        tiff.gps[1] = Entry::Rationals(2, lat);
        tiff.gps[3] = Entry::Rationals(4, lon);
        assert_eq!((facts(&tiff).lat, facts(&tiff).lon), (None, None));
    }
    assert_eq!(facts(&Tiff::oriented(9)).orientation, 1);
    assert_eq!(facts(&Tiff::oriented(0)).orientation, 1);
}

#[test]
fn the_maker_is_not_named_twice() {
    let tiff = Tiff {
        main: vec![
            Entry::Text(0x010f, "Canon"),
            Entry::Text(0x0110, "Canon EOS R7"),
        ],
        ..Tiff::default()
    };
    assert_eq!(facts(&tiff).make_model, some("Canon EOS R7"));
}

#[test]
fn broken_exif_does_not_cost_the_picture() {
    let mut tiff = phone().bytes();
    tiff.truncate(40);
    let bytes = Jpeg::default().write(&quarters(32, 32), Some(&tiff));
    let photo = plain(&bytes).unwrap();
    assert_eq!(photo.exif.taken_at, None);
    assert_eq!((photo.width, photo.height), (32, 32));
}

#[test]
fn facts_survive_storage() {
    let facts = facts(&phone());
    let stored = serde_json::to_string(&facts).unwrap();
    assert_eq!(serde_json::from_str::<ExifFacts>(&stored).unwrap(), facts);
}
