//! How large the batches of an Arrow file say they are: their reader makes room for what is said, before it reads.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
};

use polars_arrow::io::ipc::read::FileMetadata;
use polars_arrow_format::ipc::{MessageHeaderRef, MessageRef, RecordBatchRef, planus::ReadAsRoot};

/// Bytes that a buffer may unpack to, and rows of a batch.
const MOST_BYTES: i64 = 1 << 30;
const MOST_ROWS: i64 = 1 << 27;

/// Looks at the batches of a file.
pub fn file(file: &mut File, metadata: &FileMetadata) -> Result<(), String> {
    let dictionaries = metadata.dictionaries.iter().flatten();
    for block in dictionaries.chain(&metadata.blocks) {
        let place = u64::try_from(block.offset).map_err(|_| "a batch before the beginning".to_owned())?;
        message(file, place)?;
    }
    Ok(())
}

/// Looks at the batches of a stream, up to its end.
pub fn stream(file: &mut File) -> Result<(), String> {
    let mut place = 0;
    while let Some(next) = message(file, place)? {
        place = next;
    }
    Ok(())
}

/// Looks at a message; returns where the next begins, nothing at the end.
fn message(file: &mut File, place: u64) -> Result<Option<u64>, String> {
    const CONTINUED: [u8; 4] = [0xFF; 4];
    let size = file.metadata().map_err(|error| error.to_string())?.len();
    let mut read = |at: u64, bytes: &mut [u8]| {
        let read = file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(bytes));
        read.map_err(|_| format!("a message at byte {at} goes beyond the end"))
    };
    let mut length = [0; 4];
    let mut start = place + 4;
    read(place, &mut length)?;
    if length == CONTINUED {
        read(start, &mut length)?;
        start += 4;
    }
    let length = u64::from(u32::from_le_bytes(length));
    if length == 0 {
        return Ok(None);
    }
    if start + length > size {
        return Err(format!("a message at byte {place} goes beyond the end"));
    }
    let mut bytes = vec![0; length as usize];
    read(start, &mut bytes)?;
    let wrong = |error: polars_arrow_format::ipc::planus::Error| error.to_string();
    let message = MessageRef::read_as_root(&bytes).map_err(wrong)?;
    let body = start + length;
    let body_length = u64::try_from(message.body_length().map_err(wrong)?).unwrap_or(u64::MAX);
    let end = body.checked_add(body_length).filter(|end| *end <= size);
    let end = end.ok_or_else(|| format!("a batch at byte {place} goes beyond the end"))?;
    let batch = match message.header().map_err(wrong)? {
        Some(MessageHeaderRef::RecordBatch(batch)) => Some(batch),
        Some(MessageHeaderRef::DictionaryBatch(dictionary)) => dictionary.data().map_err(wrong)?,
        _ => None,
    };
    if let Some(batch) = batch {
        for (offset, length) in buffers(batch, body_length).map_err(|error| format!("at byte {place}: {error}"))? {
            let mut unpacked = [0; 8];
            if length >= 8 {
                read(body + offset, &mut unpacked)?;
            }
            if i64::from_le_bytes(unpacked) > MOST_BYTES {
                return Err(format!("a part of the batch at byte {place} unpacks to more than 1 GiB"));
            }
        }
    }
    Ok(Some(end))
}

/// The packed buffers of a batch, none of which goes beyond it.
fn buffers(batch: RecordBatchRef<'_>, body: u64) -> Result<Vec<(u64, u64)>, String> {
    let wrong = |error: polars_arrow_format::ipc::planus::Error| error.to_string();
    let is_packed = batch.compression().map_err(wrong)?.is_some();
    if !(0..=MOST_ROWS).contains(&batch.length().map_err(wrong)?) {
        return Err("more rows in a batch than are read, 134 million".to_owned());
    }
    let mut places = Vec::new();
    for node in batch.nodes().map_err(wrong)?.into_iter().flatten() {
        if !(0..=MOST_ROWS).contains(&node.length()) {
            return Err("more values in a batch than are read, 134 million".to_owned());
        }
    }
    for buffer in batch.buffers().map_err(wrong)?.into_iter().flatten() {
        let [Ok(offset), Ok(length)] = [buffer.offset(), buffer.length()].map(u64::try_from) else {
            return Err("a part of a batch before its beginning".to_owned());
        };
        if offset.checked_add(length).is_none_or(|end| end > body) {
            return Err("a part of a batch beyond its end".to_owned());
        }
        places.push((offset, length));
    }
    Ok(if is_packed { places } else { Vec::new() })
}
