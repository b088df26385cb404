import CZlib
package import WSFuzzing

/// Inflates messages with zlib, for comparisons: what zlib says of them, and how fast.
@safe package final class ZlibInflater: InflateReference {
    private let stream: UnsafeMutablePointer<z_stream>
    private let room: UnsafeMutableBufferPointer<UInt8>
    /// Whether what was read so far ends between two blocks.
    private var isAtBorder = true

    /// Creates an inflater.
    ///
    /// - Parameters:
    ///   - windowBits: the window's size as a power of two, from 8 to 15.
    ///   - outputSize: how many octets zlib puts out at a time. It does not look at the window for what stands in the
    ///     same output, so that it enforces the window with 1 only.
    package init(windowBits: Int = 15, outputSize: Int = 65_536) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        unsafe room = .allocate(capacity: outputSize)
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        check(unsafe inflateInit2_(stream, -Int32(windowBits), ZLIB_VERSION, size), "inflateInit2")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
        unsafe room.deallocate()
    }

    /// Creates an inflater of the largest window that puts out 64 KiB at a time.
    package convenience init() { self.init(windowBits: 15) }

    /// Creates an inflater that puts out one octet at a time.
    package convenience init(enforcingWindowBits bits: Int) { self.init(windowBits: bits, outputSize: 1) }

    /// Inflates the payload of a message and, within a block, the tail that RFC 7692 section 7.2.2 appends.
    ///
    /// Behind a block with BFINAL set it begins anew, with the same window, which zlib leaves to its caller.
    ///
    /// - Parameters:
    ///   - payload: the payload.
    ///   - previous: the content that it may refer to.
    /// - Returns: what zlib makes of it.
    package func inflate(_ payload: [UInt8], after previous: [UInt8]) -> ReferenceInflation {
        var result = ReferenceInflation()
        begin(after: previous)
        feed(payload, previous, &result)
        result.ownLength = result.content.count
        result.endsAtBorder = isAtBorder
        guard result.error == nil, !isAtBorder else { return result }
        feed([0x00, 0x00, 0xFF, 0xFF], previous, &result)
        result.tailEndsAtBorder = isAtBorder
        result.errorIsInTail = result.error != nil
        return result
    }

    /// Inflates a message that is right and has its tail, and returns how much content it has.
    package func count(_ message: [UInt8]) -> Int {
        var count = 0
        unsafe message.withUnsafeBufferPointer { input in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(input.count)
            repeat {
                let status = step()
                if status != Z_BUF_ERROR { check(status, "inflate") }
                count += unsafe room.count - Int(stream.pointee.avail_out)
            } while unsafe stream.pointee.avail_out == 0
            unsafe stream.pointee.next_in = nil
        }
        check(unsafe inflateReset(stream), "inflateReset")
        return count
    }

    private func step() -> Int32 {
        unsafe stream.pointee.next_out = room.baseAddress
        unsafe stream.pointee.avail_out = UInt32(room.count)
        return unsafe CZlib.inflate(stream, Z_SYNC_FLUSH)
    }

    private func feed(_ octets: [UInt8], _ previous: [UInt8], _ result: inout ReferenceInflation) {
        var offset = 0
        var isGoingOn = true
        while isGoingOn {
            var (read, written) = (0, 0)
            var status = Z_OK
            unsafe octets.withUnsafeBufferPointer { input in
                let rest = unsafe UnsafeBufferPointer(rebasing: input[offset...])
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: rest.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(rest.count)
                status = step()
                read = unsafe rest.count - Int(stream.pointee.avail_in)
                written = unsafe room.count - Int(stream.pointee.avail_out)
                unsafe stream.pointee.next_in = nil
            }
            offset += read
            result.readCount += read
            unsafe result.content.append(contentsOf: room.prefix(written))
            // zlib tells of a border only in the call that reaches it.
            let stays = isAtBorder && read == 0 && written == 0
            let reaches = unsafe stream.pointee.data_type & 128 != 0
            isAtBorder = stays || reaches
            switch status {
            case Z_STREAM_END:
                begin(after: previous + result.content)
                isGoingOn = offset < octets.count
            case Z_OK, Z_BUF_ERROR: isGoingOn = unsafe written == room.count
            default:
                let message = unsafe stream.pointee.msg
                result.error = unsafe message.map { unsafe String(cString: $0) } ?? "status \(status)"
                isGoingOn = false
            }
        }
    }

    /// Begins with a block that may refer to this content.
    private func begin(after previous: [UInt8]) {
        isAtBorder = true
        check(unsafe inflateReset(stream), "inflateReset")
        unsafe previous.suffix(32_768).withUnsafeBufferPointer { window in
            guard !window.isEmpty else { return }
            let status = unsafe inflateSetDictionary(stream, window.baseAddress, UInt32(window.count))
            check(status, "inflateSetDictionary")
        }
    }

    private func check(_ status: Int32, _ call: StaticString) {
        precondition(status == Z_OK, "zlib's \(call) failed with \(status)")
    }
}
