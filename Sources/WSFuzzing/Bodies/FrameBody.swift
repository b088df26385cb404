import WSKernels
import WSProtocol

/// Feeds the frame decoder in pieces and all at once: nothing may depend on the pieces, and no octet may be lost.
///
/// Properties: events, payload and state do not depend on how the stream is cut; a decoder that returns nil has used
/// all octets; each header encodes to the octets that it was decoded from; the payload of a frame comes in order,
/// without gaps, and never exceeds the declared length.
package struct FrameBody: FuzzBody {
    package static let name = "frames"
    package static let maximumInputLength = 4096
    package static let shape = InputShape.frames

    /// How many octets of a stream are fed one at a time.
    ///
    /// If it is less than the whole stream, a hash of the octets chooses the place. The fuzzer makes many streams from
    /// one, so it reaches every place, and an input takes a tenth of the time.
    package var drippedOctets = Int.max

    /// Whether the stream is read as by a receiver: once, and only up to the first violation.
    package var stopsAtViolation = false

    private var pieces = DecoderTrace()
    private var whole = DecoderTrace()
    private var stream: [UInt8] = []
    private var header: [UInt8] = []

    /// Creates a body.
    package init() {}

    package mutating func run(_ input: Span<UInt8>) -> Finding? {
        var position = 0
        let options = FuzzOptions.read(input, at: &position)
        if stopsAtViolation { return runAsReceiver(input, from: position, options) }
        var reader = PieceReader(from: position)
        // If a single piece is fed once, there is nothing to compare.
        if !options.drips, let only = reader.next(in: input), only.upperBound == input.count {
            return runWhole(input.extracting(only), options, isCompared: false)
        }
        reader = PieceReader(from: position)
        stream.removeAll(keepingCapacity: true)
        while let piece = reader.next(in: input) { stream.append(copying: input.extracting(piece)) }
        let octets = stream
        if let finding = runWhole(octets.span, options, isCompared: true) { return finding }
        pieces.restart(options, isCompared: true)
        reader = PieceReader(from: position)
        while let piece = reader.next(in: input) {
            if let finding = pieces.feed(input.extracting(piece)) { return finding }
        }
        pieces.finish()
        guard pieces.isEqual(to: whole) else { return difference("in pieces") }
        return options.drips ? runDripping(octets.span, options) : nil
    }

    private mutating func runAsReceiver(
        _ input: Span<UInt8>,
        from position: Int,
        _ options: FuzzOptions
    ) -> Finding? {
        pieces.restart(options, isCompared: false)
        var reader = PieceReader(from: position)
        while !pieces.hasViolation, let piece = reader.next(in: input) {
            if let finding = pieces.feed(input.extracting(piece), stopsAtViolation: true) { return finding }
        }
        return nil
    }

    private mutating func runDripping(_ octets: Span<UInt8>, _ options: FuzzOptions) -> Finding? {
        let count = min(drippedOctets, octets.count)
        let start = count == octets.count ? 0 : Int(Self.hash(octets) % UInt64(octets.count - count + 1))
        pieces.restart(options, isCompared: true)
        if let finding = pieces.feed(octets.extracting(0..<start)) { return finding }
        for index in start..<(start + count) {
            if let finding = pieces.feed(octets.extracting(index..<(index + 1))) { return finding }
        }
        if let finding = pieces.feed(octets.extracting((start + count)..<octets.count)) { return finding }
        pieces.finish()
        return pieces.isEqual(to: whole) ? nil : difference("octet by octet")
    }

    /// A hash of the octets: FNV-1a, then mixed, because its low bits are weak.
    private static func hash(_ octets: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in octets.indices { hash = (hash ^ UInt64(octets[index])) &* 0x100_0000_01B3 }
        var mixed = SplitMix64(seed: hash)
        return mixed.next()
    }

    private mutating func runWhole(_ bytes: Span<UInt8>, _ options: FuzzOptions, isCompared: Bool) -> Finding? {
        whole.restart(options, isCompared: isCompared)
        if let finding = whole.feed(bytes) { return finding }
        whole.finish()
        for entry in whole.headers {
            header.removeAll(keepingCapacity: true)
            entry.header.encode(into: &header)
            let end = entry.offset + header.count
            guard end <= bytes.count, sameOctets(header.span, bytes.extracting(entry.offset..<end)) else {
                return Finding("a header encodes to the octets it was read from", "\(entry.header) at \(entry.offset)")
            }
        }
        return nil
    }

    private func difference(_ feeding: String) -> Finding {
        Finding(
            "what is decoded does not depend on how the stream is cut",
            "\(feeding):\n\(pieces.description)whole:\n\(whole.description)"
        )
    }
}

/// Whether two spans have equal octets, compared eight at a time.
func sameOctets(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    return unsafe left.withUnsafeBytes { left in
        unsafe right.withUnsafeBytes { right in
            var index = 0
            while left.count &- index >= 8 {
                let first = unsafe left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                let second = unsafe right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if first != second { return false }
                index &+= 8
            }
            while index < left.count {
                if unsafe left[index] != right[index] { return false }
                index &+= 1
            }
            return true
        }
    }
}
