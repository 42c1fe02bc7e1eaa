//! What goes wrong is named: the map, the reason, the fix.

use std::fs::File;
use std::os::fd::OwnedFd;

use yeet_bpf::Kind;
use yeet_bpf::map::{Map, MapType, possible_cpus};

use crate::support::{Shape, create, freeze};

#[test]
fn wrong_lengths_never_reach_the_kernel() {
    let map = create(MapType::PercpuHash, 4, 5, 10);
    let stride = map.value_stride();
    assert_eq!(stride, 8 * possible_cpus().expect("cpus") as usize);
    let mut short = vec![0; stride - 1];
    let errors = [
        map.lookup(&[0; 4], &mut short).err(),
        map.lookup(&[0; 3], &mut vec![0; stride]).err(),
        map.update(&[0; 4], &short).err(),
        map.update(&[0; 5], &vec![0; stride]).err(),
        map.delete(&[]).err(),
        map.update_batch(&[0; 8], &vec![0; stride], 2).err(),
        map.update_batch(&[0; 7], &vec![0; 2 * stride], 2).err(),
        map.update_batch(&[], &[], u32::MAX).err(),
        map.delete_batch(&[0; 8], 3).err(),
    ];
    for error in errors {
        let error = error.expect("an error");
        assert_eq!(error.kind(), Kind::InvalidValue, "{error}");
        assert!(error.message().contains("'some_map'"), "{error}");
    }
    assert_eq!(
        map.update(&[0; 4], &short).expect_err("short").message(),
        format!("cannot update 'some_map': the value has {} bytes, the map's values have {stride}", stride - 1)
    );
}

#[test]
fn a_missing_key_is_not_found() {
    let error = create(MapType::Hash, 4, 4, 10).delete(&[1; 4]).expect_err("missing");
    assert_eq!((error.kind(), error.facts().errno), (Kind::NotFound, Some(libc::ENOENT)));
    assert_eq!(error.message(), "cannot delete from 'some_map': no such key (ENOENT)");
}

#[test]
fn an_index_outside_an_array_is_invalid() {
    for kind in [MapType::Array, MapType::PercpuArray] {
        let map = create(kind, 4, 8, 10);
        let mut value = vec![0; map.value_stride()];
        let error = map.lookup(&12_u32.to_ne_bytes(), &mut value).expect_err("outside");
        assert_eq!(error.kind(), Kind::InvalidValue);
        assert_eq!(error.message(), "cannot look up in 'some_map': index 12 is outside 'some_map' (max_entries 10)");
        assert_eq!(map.update(&10_u32.to_ne_bytes(), &value).expect_err("outside").kind(), Kind::InvalidValue);
        let error = map.delete(&1_u32.to_ne_bytes()).expect_err("arrays have no delete");
        assert_eq!(error.kind(), Kind::Unsupported);
        assert!(error.message().contains("write a zero value instead"), "{error}");
    }
}

#[test]
fn a_frozen_map_says_so() {
    let map = create(MapType::Array, 4, 8, 10);
    freeze(&map);
    let error = map.update(&[0; 4], &[0; 8]).expect_err("frozen");
    assert_eq!((error.kind(), error.facts().errno), (Kind::PermissionDenied, Some(libc::EPERM)));
    assert!(error.message().contains("the map is frozen"), "{error}");
    let error = map.update_batch(&[0; 4], &[0; 8], 1).expect_err("frozen");
    assert_eq!((error.kind(), error.facts().applied), (Kind::PermissionDenied, Some(0)));
    assert!(map.lookup(&[0; 4], &mut [0; 8]).expect("reading is allowed"));
}

#[test]
fn a_one_way_map_says_so() {
    let map = Shape::new(MapType::Hash, 4, 4, 10).flags(libbpf_sys::BPF_F_RDONLY).create("one_way");
    let error = map.update(&[0; 4], &[0; 4]).expect_err("read-only");
    assert_eq!(error.kind(), Kind::PermissionDenied);
    assert!(error.message().contains("'one_way': this descriptor of the map may only read it"), "{error}");
    let map = Shape::new(MapType::Hash, 4, 4, 10).flags(libbpf_sys::BPF_F_WRONLY).create("one_way");
    let error = map.lookup(&[0; 4], &mut [0; 4]).expect_err("write-only");
    assert!(error.message().contains("this descriptor of the map may only write it"), "{error}");
}

#[test]
fn a_prefix_that_is_too_long_is_invalid() {
    let map = create(MapType::LpmTrie, 8, 4, 10);
    let key = [33_u32.to_ne_bytes(), [0; 4]].concat();
    let error = map.update(&key, &[0; 4]).expect_err("33 bits of 32");
    assert_eq!((error.kind(), error.facts().errno), (Kind::InvalidValue, Some(libc::EINVAL)), "{error}");
}

#[test]
fn a_descriptor_of_something_else_is_refused() {
    let fd = OwnedFd::from(File::open("/dev/null").expect("open"));
    let error = Map::from_fd(fd, "flows".to_owned()).expect_err("not a map");
    assert_eq!(error.kind(), Kind::Io);
    assert!(error.message().starts_with("cannot read what map 'flows' is: "), "{error}");
}

#[test]
fn the_kernel_has_no_lookup_for_some_kinds() {
    let map = create(MapType::PerfEventArray, 4, 4, 2);
    let error = map.lookup(&[0; 4], &mut [0; 4]).expect_err("perf event arrays cannot be read");
    assert_eq!(error.kind(), Kind::Unsupported, "{error}");
    assert!(error.message().contains("'perf_event_array'"), "{error}");
}

#[test]
fn info_has_the_whole_name() {
    let map = Shape::new(MapType::LruHash, 12, 20, 77).create("a_name_of_more_than_fifteen");
    let info = map.info();
    assert_eq!(info.name, "a_name_of_more_than_fifteen");
    assert_eq!((info.map_type.as_str(), info.key_size, info.value_size, info.max_entries), ("lru_hash", 12, 20, 77));
    assert!(info.id > 0);
    let unnamed =
        Map::from_fd(Shape::new(MapType::Hash, 4, 4, 1).create_fd("from_kernel"), String::new()).expect("from_fd");
    assert_eq!(unnamed.info().name, "from_kernel");
}
