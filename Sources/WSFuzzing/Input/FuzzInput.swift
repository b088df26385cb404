import WSKernels

/// Reads the pieces into which an input divides itself.
///
/// An octet before each piece has its length; zero means the rest of the input. A piece that exceeds the input ends
/// with it.
package struct PieceReader: Sendable {
    private var position: Int

    /// Creates a reader that starts at a position.
    package init(from position: Int) {
        self.position = position
    }

    /// The range of the next piece, which may be empty only at the end of the input; nil after the last piece.
    package mutating func next(in input: Span<UInt8>) -> Range<Int>? {
        guard position < input.count else { return nil }
        let start = position + 1
        let length = Int(input[position])
        let end = length == 0 ? input.count : min(start + length, input.count)
        position = end
        return start..<end
    }
}

/// A parsed input: options, the stream without the lengths of pieces, and the places where it is cut.
package struct FuzzInput: Sendable, Hashable {
    /// The options.
    package var options: FuzzOptions
    /// The octets of all pieces.
    package var stream: [UInt8]
    /// The offsets in the stream between pieces, in order.
    package var cuts: [Int]

    /// Creates an input from options and a stream, cut at the given places.
    package init(options: FuzzOptions = FuzzOptions(), stream: [UInt8], cuts: [Int] = []) {
        self.options = options
        self.stream = stream
        self.cuts = cuts
    }

    /// Parses an input; any octets are valid.
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

    /// The longest piece, limited by its length octet.
    package static let longestPiece = 255

    /// The encoded input.
    ///
    /// A piece that is too long is divided, except for the last one.
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
