import WSKernels

/// The pieces that an input cuts itself into.
///
/// Before each piece stands an octet with its length; zero means all that is left. A piece that the input has no room
/// for ends with it.
package struct PieceReader: Sendable {
    private var position: Int

    /// A reader of the pieces from a position on.
    package init(from position: Int) {
        self.position = position
    }

    /// The range of the next piece, or nil behind the last one; a piece may be empty only at the input's end.
    package mutating func next(in input: Span<UInt8>) -> Range<Int>? {
        guard position < input.count else { return nil }
        let start = position + 1
        let length = Int(input[position])
        let end = length == 0 ? input.count : min(start + length, input.count)
        position = end
        return start..<end
    }
}

/// An input taken apart: options, the stream without the lengths of the pieces, and where the pieces end.
package struct FuzzInput: Sendable, Hashable {
    /// What the input asks for.
    package var options: FuzzOptions
    /// The octets of all pieces.
    package var stream: [UInt8]
    /// Where in the stream a piece ends and another begins, in order.
    package var cuts: [Int]

    /// An input with the options and the stream, cut at the given places.
    package init(options: FuzzOptions = FuzzOptions(), stream: [UInt8], cuts: [Int] = []) {
        self.options = options
        self.stream = stream
        self.cuts = cuts
    }

    /// Takes an input apart; any octets are one.
    package init(reading input: Span<UInt8>) {
        var position = 0
        options = FuzzOptions.read(input, at: &position)
        stream = []
        cuts = []
        var pieces = PieceReader(from: position)
        while let piece = pieces.next(in: input) {
            stream.append(copying: input.extracting(piece))
            if piece.upperBound < input.count { cuts.append(stream.count) }
        }
    }

    /// The longest piece that its length octet can name.
    package static let longestPiece = 255

    /// The octets of the input.
    ///
    /// A piece that is too long for its length octet is cut further, except for the last one.
    package func encoded() -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(stream.count + cuts.count + 8)
        options.append(to: &octets)
        var start = 0
        for cut in cuts where cut > start && cut < stream.count {
            while start < cut {
                let end = min(start + Self.longestPiece, cut)
                octets.append(UInt8(end - start))
                octets += stream[start..<end]
                start = end
            }
        }
        if start < stream.count {
            octets.append(0)
            octets += stream[start...]
        }
        return octets
    }

    /// The pieces of the stream.
    package var pieces: [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        for cut in cuts where cut > start && cut < stream.count {
            pieces.append(stream[start..<cut])
            start = cut
        }
        pieces.append(stream[start...])
        return pieces
    }
}
