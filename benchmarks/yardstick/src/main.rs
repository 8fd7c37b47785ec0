//! Measures what the Rust crates do with a content in memory, on one thread.
//!
//! `castore-yardstick OPERATION FILE BYTES ITERATIONS MILLISECONDS` takes the first BYTES of FILE, repeats the
//! operation for one iteration that does not count and for ITERATIONS that do, of at least MILLISECONDS each, and
//! prints one line, its fields split by tabs: operation, file, bytes, and the rate of each iteration in MB/s
//! (MB = 10^6 bytes).

use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, fs, process};

use fastcdc::v2020::FastCDC;
use zstd::bulk::{Compressor, Decompressor};

const AVERAGE_CHUNK: u32 = 256 * 1024;
const BLOCK: usize = 256 * 1024;
const UPDATE: usize = 64 * 1024;
const LEVEL: i32 = 3;

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let [operation, file, bytes, iterations, milliseconds] = args.as_slice() else {
        fail("castore-yardstick OPERATION FILE BYTES ITERATIONS MILLISECONDS");
    };
    let mut content = fs::read(file).unwrap_or_else(|e| fail(&format!("{file}: {e}")));
    let bytes = number(bytes) as usize;
    if content.len() < bytes {
        fail(&format!("{file}: {} bytes (expected: at least {bytes})", content.len()));
    }
    content.truncate(bytes);

    let mut run = operation_on(operation, content);
    let at_least = Duration::from_millis(number(milliseconds));
    rate(&mut run, bytes, at_least);
    print!("{operation}\t{file}\t{bytes}");
    for _ in 0..number(iterations) {
        print!("\t{:.1}", rate(&mut run, bytes, at_least));
    }
    println!();
}

fn operation_on(name: &str, content: Vec<u8>) -> Box<dyn FnMut()> {
    match name {
        "blake3" => Box::new(move || {
            black_box(blake3::hash(black_box(&content)));
        }),
        "blake3-stream" => Box::new(move || {
            let mut hasher = blake3::Hasher::new();
            for piece in black_box(&content).chunks(UPDATE) {
                hasher.update(piece);
            }
            black_box(hasher.finalize());
        }),
        "fastcdc" => Box::new(move || {
            for chunk in chunker(black_box(&content)) {
                black_box(chunk.length);
            }
        }),
        "zstd-compress" => {
            let mut compressor = Compressor::new(LEVEL).expect("a compressor");
            let mut frame = vec![0; zstd::zstd_safe::compress_bound(BLOCK)];
            Box::new(move || {
                for block in black_box(&content).chunks(BLOCK) {
                    let length = compressor.compress_to_buffer(block, &mut frame);
                    black_box(length.expect("a frame"));
                }
            })
        }
        "zstd-decompress" => {
            let mut compressor = Compressor::new(LEVEL).expect("a compressor");
            let frames: Vec<Vec<u8>> = content
                .chunks(BLOCK)
                .map(|block| compressor.compress(block).expect("a frame"))
                .collect();
            let mut decompressor = Decompressor::new().expect("a decompressor");
            let mut raw = vec![0; BLOCK];
            Box::new(move || {
                for frame in black_box(&frames) {
                    let length = decompressor.decompress_to_buffer(frame, &mut raw);
                    black_box(length.expect("a block"));
                }
            })
        }
        "split-unique" => Box::new(split(content, true)),
        "split-duplicate" => Box::new(split(content, false)),
        _ => fail(&format!("operation: {name} (expected: one that main.rs knows)")),
    }
}

/// The sequential loop of the reference: each chunk is hashed alone and as a part of the blob, and a chunk that is new
/// is compressed. The context and the frame's memory are reused.
fn split(content: Vec<u8>, unique: bool) -> impl FnMut() {
    let mut compressor = Compressor::new(LEVEL).expect("a compressor");
    let mut frame = vec![0; zstd::zstd_safe::compress_bound(2 * AVERAGE_CHUNK as usize)];
    move || {
        let content = black_box(&content);
        let mut blob = blake3::Hasher::new();
        for chunk in chunker(content) {
            let raw = &content[chunk.offset..chunk.offset + chunk.length];
            black_box(blake3::hash(raw));
            blob.update(raw);
            if unique {
                let length = compressor.compress_to_buffer(raw, &mut frame);
                black_box(length.expect("a frame"));
            }
        }
        black_box(blob.finalize());
    }
}

fn chunker(content: &[u8]) -> FastCDC<'_> {
    FastCDC::new(content, AVERAGE_CHUNK / 2, AVERAGE_CHUNK, AVERAGE_CHUNK * 2)
}

/// Repeats an operation until the time is over, and gives its rate in MB/s.
fn rate(run: &mut dyn FnMut(), bytes: usize, at_least: Duration) -> f64 {
    let start = Instant::now();
    let mut runs = 0u64;
    loop {
        run();
        runs += 1;
        let elapsed = start.elapsed();
        if elapsed >= at_least {
            return runs as f64 * bytes as f64 / 1e6 / elapsed.as_secs_f64();
        }
    }
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_else(|_| fail(&format!("{text} (expected: a whole number)")))
}

fn fail(reason: &str) -> ! {
    eprintln!("{reason}");
    process::exit(2);
}
