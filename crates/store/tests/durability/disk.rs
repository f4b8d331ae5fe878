//! A disk as strict as POSIX allows: data counts once its file was flushed, a name once its folder was.

use crate::common::Rng;
use crate::syscalls::Call;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A change to a file that was not flushed yet.
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

#[derive(Default)]
struct Inode {
    durable: Vec<u8>,
    pending: Vec<Change>,
    is_dir: bool,
}

/// What an open descriptor points to.
#[derive(Clone)]
struct Handle {
    inode: usize,
    path: PathBuf,
    at: usize,
}

/// The folder under watch.
#[derive(Default)]
pub(crate) struct Disk {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    durable_names: BTreeMap<PathBuf, usize>,
    handles: BTreeMap<i64, Handle>,
}

fn apply(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Truncate(len) => content.resize(*len, 0),
        Change::Write(at, data) => {
            let end = at + data.len();
            if content.len() < end {
                content.resize(end, 0);
            }
            content[*at..end].copy_from_slice(data);
        }
    }
}

impl Disk {
    /// A disk on which only `root` exists.
    pub(crate) fn new(root: &Path) -> Disk {
        let mut disk = Disk::default();
        let inode = disk.create(root, true);
        disk.durable_names.insert(root.to_owned(), inode);
        disk
    }

    fn create(&mut self, path: &Path, is_dir: bool) -> usize {
        self.inodes.push(Inode {
            is_dir,
            ..Inode::default()
        });
        self.names.insert(path.to_owned(), self.inodes.len() - 1);
        self.inodes.len() - 1
    }

    /// The file that a descriptor stands for, when it lies under the watched folder.
    pub(crate) fn path(&self, fd: i64) -> Option<&Path> {
        self.handles.get(&fd).map(|h| h.path.as_path())
    }

    /// Carries out one call.
    pub(crate) fn play(&mut self, call: &Call) {
        match call {
            Call::Open {
                path,
                create,
                truncate,
                fd,
            } => self.open(Path::new(path), *create, *truncate, *fd),
            Call::Close { fd } => drop(self.handles.remove(fd)),
            Call::Seek { fd, at } => {
                if let Some(handle) = self.handles.get_mut(fd) {
                    handle.at = *at;
                }
            }
            Call::Write { fd, data, at } => self.write(*fd, data, *at),
            Call::Truncate { fd, len } => self.change(*fd, Change::Truncate(*len)),
            Call::Sync { fd } => self.sync(*fd),
            Call::Rename { from, to } => {
                if let Some(inode) = self.names.remove(Path::new(from)) {
                    self.names.insert(PathBuf::from(to), inode);
                }
            }
            Call::Unlink { path } => drop(self.names.remove(Path::new(path))),
            Call::MakeDir { path } => {
                if Path::new(path)
                    .parent()
                    .is_some_and(|p| self.names.contains_key(p))
                {
                    self.create(Path::new(path), true);
                }
            }
        }
    }

    fn open(&mut self, path: &Path, create: bool, truncate: bool, fd: i64) {
        let known = self.names.get(path).copied();
        let watched = path.parent().is_some_and(|p| self.names.contains_key(p));
        let Some(inode) = known.or_else(|| (create && watched).then(|| self.create(path, false)))
        else {
            return;
        };
        self.handles.insert(
            fd,
            Handle {
                inode,
                path: path.to_owned(),
                at: 0,
            },
        );
        if truncate {
            self.change(fd, Change::Truncate(0));
        }
    }

    fn write(&mut self, fd: i64, data: &[u8], at: Option<usize>) {
        let Some(handle) = self.handles.get_mut(&fd) else {
            return;
        };
        let start = at.unwrap_or(handle.at);
        if at.is_none() {
            handle.at += data.len();
        }
        self.change(fd, Change::Write(start, data.to_vec()));
    }

    fn change(&mut self, fd: i64, change: Change) {
        if let Some(handle) = self.handles.get(&fd) {
            self.inodes[handle.inode].pending.push(change);
        }
    }

    fn sync(&mut self, fd: i64) {
        let Some(handle) = self.handles.get(&fd).cloned() else {
            return;
        };
        let inode = &mut self.inodes[handle.inode];
        if inode.is_dir {
            let inside = |path: &PathBuf| path.parent() == Some(&handle.path);
            self.durable_names.retain(|path, _| !inside(path));
            let now = self.names.iter().filter(|(path, _)| inside(path));
            self.durable_names
                .extend(now.map(|(path, inode)| (path.clone(), *inode)));
        } else {
            for change in inode.pending.drain(..) {
                apply(&mut inode.durable, &change);
            }
        }
    }

    /// Writes what is left after the power failed to `to`: everything flushed and, of what was not flushed,
    /// nothing or (with `luck`) a random part.
    pub(crate) fn after_power_loss(&self, root: &Path, to: &Path, mut luck: Option<&mut Rng>) {
        for (path, inode) in &self.durable_names {
            let inode = &self.inodes[*inode];
            let path = to.join(path.strip_prefix(root).unwrap());
            if inode.is_dir {
                std::fs::create_dir_all(path).unwrap();
                continue;
            }
            let mut content = inode.durable.clone();
            if let Some(rng) = luck.as_deref_mut() {
                inode
                    .pending
                    .iter()
                    .filter(|_| rng.below(2) == 0)
                    .for_each(|change| apply(&mut content, change));
            }
            std::fs::write(path, content).unwrap();
        }
    }
}
