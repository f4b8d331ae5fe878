//! A link of this machine between a tablet and its server: it counts both ways, and is cut or slow as it is told.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

/// What a link does to what passes it.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Nothing.
    Clean,
    /// Every connection breaks after so many bytes from the tablet.
    Cuts(u64),
    /// So many bytes a second each way, and this long from end to end.
    Slow {
        /// Bytes a second.
        rate: u64,
        /// One way.
        delay: Duration,
    },
}

/// Bytes that passed, and connections that were broken.
#[derive(Default)]
pub struct Counts {
    pub up: AtomicU64,
    pub down: AtomicU64,
    pub cuts: AtomicU64,
    connected: AtomicBool,
}

/// The link; it lasts as long as the process.
pub struct Link {
    pub address: SocketAddr,
    pub counts: Arc<Counts>,
}

impl Link {
    pub fn to(hub: SocketAddr, shape: Shape) -> Link {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let counts = Arc::new(Counts::default());
        counts.connected.store(true, Ordering::SeqCst);
        let shared = Arc::clone(&counts);
        std::thread::spawn(move || {
            for tablet in listener.incoming().map_while(Result::ok) {
                // without a network the connection is gone before anything passed
                if shared.connected.load(Ordering::SeqCst) {
                    join(tablet, TcpStream::connect(hub).unwrap(), shape, &shared);
                }
            }
        });
        Link { address, counts }
    }

    /// The network comes or goes; without it nothing passes, and a connection that tries breaks.
    pub fn connect(&self, connected: bool) {
        self.counts.connected.store(connected, Ordering::SeqCst);
    }
}

fn join(tablet: TcpStream, hub: TcpStream, shape: Shape, counts: &Arc<Counts>) {
    for end in [&tablet, &hub] {
        end.set_nodelay(true).unwrap();
    }
    let (questions, answers) = (tablet.try_clone().unwrap(), hub.try_clone().unwrap());
    let (up, down) = (Arc::clone(counts), Arc::clone(counts));
    let back = match shape {
        Shape::Cuts(_) => Shape::Clean,
        other => other,
    };
    std::thread::spawn(move || pump(questions, hub, shape, &up, &up.up));
    std::thread::spawn(move || pump(answers, tablet, back, &down, &down.down));
}

fn pump(from: TcpStream, mut to: TcpStream, shape: Shape, counts: &Counts, passed: &AtomicU64) {
    let ends = [from.try_clone().unwrap(), to.try_clone().unwrap()];
    let mut left = match shape {
        Shape::Cuts(bytes) => bytes,
        _ => u64::MAX,
    };
    // a modem holds some kilobytes, no more
    let (send, arrive) = sync_channel::<(Vec<u8>, Instant)>(8);
    let reader = std::thread::spawn(move || {
        let mut from = from;
        let mut buffer = [0; 2048];
        while let Ok(n @ 1..) = from.read(&mut buffer) {
            if send.send((buffer[..n].to_vec(), Instant::now())).is_err() {
                break;
            }
        }
    });
    let mut free = Instant::now();
    while let Some(bytes) = next(&arrive, shape, &mut free) {
        if !counts.connected.load(Ordering::SeqCst) {
            break;
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        passed.fetch_add(most as u64, Ordering::SeqCst);
        left -= most as u64;
        if to.write_all(&bytes[..most]).is_err() {
            break;
        }
        if left == 0 {
            counts.cuts.fetch_add(1, Ordering::SeqCst);
            break;
        }
    }
    // one end is gone: so is the other; what was passed on is delivered first
    for end in ends {
        end.shutdown(Shutdown::Both).ok();
    }
    reader.join().unwrap();
}

/// The next bytes, at the moment when they come out at the other end.
fn next(
    arrive: &Receiver<(Vec<u8>, Instant)>,
    shape: Shape,
    free: &mut Instant,
) -> Option<Vec<u8>> {
    let (bytes, sent) = arrive.recv().ok()?;
    if let Shape::Slow { rate, delay } = shape {
        *free = (*free).max(sent) + Duration::from_nanos(bytes.len() as u64 * 1_000_000_000 / rate);
        std::thread::sleep((*free + delay).saturating_duration_since(Instant::now()));
    }
    Some(bytes)
}
