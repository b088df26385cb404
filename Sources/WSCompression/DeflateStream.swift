import CZlib

/// A `z_stream` of zlib that deflates, without header and checksum.
///
/// `Compressor` calls a function that changes it only where nobody else refers to it; that makes it `Sendable`.
@safe final class DeflateStream: @unchecked Sendable {
    /// zlib's state points back to it, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// How many octets zlib puts out at a time.
    private static let room = 16_384
    /// zlib counts input in 32 bits.
    private static let largestInput = 1 << 30
    /// How much memory zlib takes besides the window; 8 is its default.
    private static let memoryLevel: Int32 = 8
    /// The end of a flush, which a sender removes.
    private static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

    init(windowBits: Int, level: Int) {
        precondition((8...15).contains(windowBits), "RFC 7692 has windows from 8 to 15 bits")
        precondition((0...9).contains(level), "zlib has levels from 0 to 9")
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let status = unsafe deflateInit2_(
            stream,
            Int32(level),
            Z_DEFLATED,
            -Int32(max(9, windowBits)),
            Self.memoryLevel,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        check(status, "deflateInit2")
    }

    init(copying other: DeflateStream) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        check(unsafe deflateCopy(stream, other.stream), "deflateCopy")
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Lets the next message refer to these octets, as if they had been deflated.
    func setDictionary(_ octets: Span<UInt8>) {
        // zlib keeps the last octets that the window holds.
        guard !octets.isEmpty else { return }
        let last = octets.extracting(last: Self.largestInput)
        unsafe last.withUnsafeBufferPointer { octets in
            check(unsafe deflateSetDictionary(stream, octets.baseAddress, UInt32(octets.count)), "deflateSetDictionary")
        }
    }

    func deflate(_ content: Span<UInt8>, into payload: inout [UInt8]) {
        var rest = content
        while !rest.isEmpty {
            let piece = rest.extracting(first: Self.largestInput)
            rest = rest.extracting(droppingFirst: piece.count)
            unsafe piece.withUnsafeBufferPointer { piece in
                // zlib does not write to its input.
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: piece.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(piece.count)
                put(Z_NO_FLUSH, into: &payload)
                unsafe stream.pointee.next_in = nil
            }
        }
    }

    /// Flushes, and removes the end of the flush.
    func endMessage(into payload: inout [UInt8]) {
        // A flush for which there is not enough room begins again and writes its end twice. Behind the last block there
        // is always enough.
        put(Z_BLOCK, into: &payload)
        put(Z_SYNC_FLUSH, into: &payload)
        precondition(payload.suffix(Self.tail.count).elementsEqual(Self.tail), "zlib ends a flush with its tail")
        payload.removeLast(Self.tail.count)
    }

    /// Drops the context.
    func reset() { check(unsafe deflateReset(stream), "deflateReset") }

    /// Calls zlib until it has taken all input and has put out all that it wants to.
    private func put(_ flush: Int32, into payload: inout [UInt8]) {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.room) { room in
            repeat {
                unsafe stream.pointee.next_out = room.baseAddress
                unsafe stream.pointee.avail_out = UInt32(room.count)
                let status = unsafe CZlib.deflate(stream, flush)
                // Without anything to do zlib says that there is no room; that is no error.
                if status != Z_BUF_ERROR { check(status, "deflate") }
                let count = unsafe room.count - Int(stream.pointee.avail_out)
                unsafe payload.append(contentsOf: room.prefix(count))
            } while unsafe stream.pointee.avail_out == 0
            unsafe stream.pointee.next_out = nil
        }
    }

    /// Nothing but a lack of memory, or another zlib than the one that this was built with, makes these calls fail.
    private func check(_ status: Int32, _ call: StaticString) {
        precondition(status == Z_OK, "zlib's \(call) failed with \(status)")
    }
}
