//! The same program, attached by libbpf alone, counts the same calls.

use super::*;
use crate::shop::{Talker, built};
use crate::support::fixture;

#[test]
fn libbpf_counts_the_same() {
    let _serial = serial();
    for symbol in ["shop_open", "count_items"] {
        let mut command = Command::new(built("counter"));
        let libbpf = Talker::start(command.arg(fixture("uprobe.bpf.o")).args([library().as_str(), symbol]));
        let running = start(vec![("on_entry", vec![of(&library(), symbol)])]).unwrap();
        shop(&library(), &["shop_open=1x400", "shop_count=1x400", "shop_close=1x9"]);
        shop(&library(), &["shop_open=2x7", "shop_count=1x7"]);
        assert_eq!(counter(&running, ENTRIES), 407, "{symbol}");
        assert_eq!(libbpf.finish(), "407", "{symbol}");
    }
}
