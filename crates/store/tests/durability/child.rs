//! A technician who answers, photographs and receives until killed: says `begin` before and `ack` after each durable write.

use crate::common::{self, Log, Rng, answered, numbered, opened, photographed};
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// First argument that makes this program the child.
pub(crate) const FLAG: &str = "--child";

/// Name of the visit that a round writes to.
pub(crate) fn visit(round: u64) -> String {
    format!("visit/{round:04}")
}

/// The child as a command: works in `dir`, `steps` writes in all.
pub(crate) fn command(
    wrapper: Option<Command>,
    dir: &Path,
    round: u64,
    seed: u64,
    steps: u64,
) -> Command {
    let program = std::env::current_exe().unwrap();
    let mut command = match wrapper {
        Some(mut wrapper) => {
            wrapper.arg(program);
            wrapper
        }
        None => Command::new(program),
    };
    command
        .arg(FLAG)
        .arg(dir)
        .args([round, seed, steps].map(|n| n.to_string()));
    command
}

/// Each line is one `write` to the pipe.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

pub(crate) fn run(args: &[String]) {
    let dir = Path::new(&args[0]);
    let [round, seed, steps] = [1, 2, 3].map(|i| args[i].parse::<u64>().unwrap());
    let mut rng = Rng(seed);
    let mut store = common::open(dir);
    let vault = common::vault(dir);
    let visit = visit(round);
    let mut hub = Log::new(&format!("hub-{round}"));
    say("ready");
    for step in 0..steps {
        let n = round * 1_000_000 + step;
        say(&format!("begin {}", common::id(n)));
        let content = match (step, rng.below(5)) {
            (0, _) => opened(n, &visit, "order/1"),
            (_, 4) => {
                let item = format!("item-{}", rng.below(40));
                let event = hub.write(answered(n, &visit, &item));
                let next = store.pulled().unwrap().1 + 1;
                store.receive("e1", &numbered(next, &[event])).unwrap();
                say(&format!("ack {}", common::id(n)));
                continue;
            }
            (_, 0) => {
                let mut photo = vec![0; usize::try_from(2_000 + rng.below(38_000)).unwrap()];
                rng.fill(&mut photo);
                let thumb = vault.put(&visit, &photo[..500]).unwrap();
                let photo = vault.put(&visit, &photo).unwrap();
                photographed(n, &visit, &photo.sha256, &thumb.sha256)
            }
            _ => answered(n, &visit, &format!("item-{}", rng.below(40))),
        };
        store.append(vec![content]).unwrap();
        say(&format!("ack {}", common::id(n)));
    }
}
