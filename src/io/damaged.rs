//! Files that are damaged, or cannot be read for another reason.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook},
    path::Path,
    sync::Once,
};

use crate::diagnostic::{Diagnostic, Diagnostics, Place};

thread_local! {
    /// Whether a panic of this thread is expected, and so not written to the terminal.
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Does what a reader of somebody else does. Where it panics, it was not prepared for what the file holds, so the file
/// is called damaged; nothing that the reader touched is used afterwards.
pub(super) fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T, Diagnostics>) -> Result<T, Diagnostics> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_GUARDED.get() {
                usual(panic);
            }
        }));
    });
    let before = IS_GUARDED.replace(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    IS_GUARDED.set(before);
    read.unwrap_or_else(|_| Err(damaged(path, "it holds what no such file may hold")))
}

/// The complaint about a damaged file.
pub(super) fn damaged(path: &Path, why: &str) -> Diagnostics {
    let hint = "copy or export it once more; a download that stopped looks like this too";
    let message = format!("the file is damaged: {why}");
    Diagnostic::error("damaged", Place::File(path.display().to_string()), message).hint(hint).into()
}

/// The complaint about a file without rows.
pub(super) fn no_rows(path: &Path) -> Diagnostics {
    unreadable(path, "the file describes columns but has no responses").into()
}

/// The complaint about a file that cannot be read, to which a hint may be added.
pub(super) fn unreadable(path: &Path, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("unreadable", Place::File(path.display().to_string()), message)
}
