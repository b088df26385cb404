import WSKernels
package import WSProtocol

/// A frame described by a few octets; most recipes give a valid frame, and some violate a rule.
package struct FrameRecipe: Sendable, Hashable {
    /// FIN, the reserved bits and the opcode, as on the wire.
    package var firstOctet: UInt8
    /// The deviations of the rest from the ordinary form, as bits: see ``append(to:index:sender:)``.
    package var form: UInt8
    /// The payload.
    package var payload: [UInt8]

    /// Creates a recipe.
    package init(firstOctet: UInt8, form: UInt8 = 0, payload: [UInt8] = []) {
        self.firstOctet = firstOctet
        self.form = form
        self.payload = payload
    }

    /// The most frames of an input.
    package static let limit = 200

    /// Reads recipes: octet 0, the form, the source of the payload and the arguments of the source.
    package static func read(_ input: Span<UInt8>) -> [FrameRecipe] {
        var cursor = OctetCursor(octets: Array(copying: input))
        var recipes: [FrameRecipe] = []
        while !cursor.isAtEnd, recipes.count < limit {
            var recipe = FrameRecipe(firstOctet: cursor.next(), form: cursor.next())
            if !cursor.isAtEnd { recipe.payload = PayloadSource.read(&cursor) }
            recipes.append(recipe)
        }
        return recipes
    }

    /// The length of a stream in octets after which no frame is added; the last frame may exceed it.
    package static let longestStream = 20_000

    /// The frames of recipes one after the other, and the offsets where they end.
    ///
    /// A recipe of two octets can describe 65,536, so a long list of recipes is cut.
    ///
    /// - Parameters:
    ///   - recipes: the recipes.
    ///   - sender: who sends the frames.
    ///   - compression: what the sender agreed to; nil if bit 7 of the form has no meaning.
    /// - Returns: the frames and where they end.
    package static func stream(
        of recipes: [FrameRecipe],
        sender: Role,
        compression: SenderCompression? = nil
    ) -> (octets: [UInt8], borders: [Int]) {
        var octets: [UInt8] = []
        var borders: [Int] = []
        var compressor = Compressing(terms: compression)
        for (index, recipe) in recipes.enumerated() where octets.count < longestStream {
            compressor.compressed(recipe, index: index).append(to: &octets, index: index, sender: sender)
            borders.append(octets.count)
        }
        return (octets, borders)
    }

    /// Compresses the messages whose first frame has bit 7 of the form set, and divides their payload among the frames.
    private struct Compressing {
        let terms: SenderCompression?
        private var previous: [UInt8] = []
        /// What is left of the payload of the open message; nil if it is not compressed.
        private var rest: [UInt8]?

        init(terms: SenderCompression?) {
            self.terms = terms
        }

        mutating func compressed(_ recipe: FrameRecipe, index: Int) -> FrameRecipe {
            guard let terms, recipe.firstOctet & 8 == 0 else { return recipe }
            var result = recipe
            if recipe.firstOctet & 15 != 0 {
                rest = nil
                guard recipe.form & 0x80 != 0 else { return recipe }
                let context = terms.keepsContext ? previous : []
                let form = UInt8(truncatingIfNeeded: index &* 29 &+ recipe.payload.count)
                let isRepeating = form & 64 != 0 && recipe.payload.count < 4
                let message =
                    isRepeating
                    ? CompressedPayload.repeating(context)
                    : CompressedPayload.make(recipe.payload, after: context, form: form & 0x3F)
                rest = message.payload
                previous = (previous + message.content).suffix(40_000)
                result.firstOctet |= 0x40
            }
            guard let payload = rest else { return recipe }
            let isLast = recipe.firstOctet & 0x80 != 0
            result.payload = isLast ? payload : Array(payload.prefix(payload.count / 2))
            rest = isLast ? nil : Array(payload.dropFirst(payload.count / 2))
            return result
        }
    }

    /// Appends the octets of the frame.
    ///
    /// The bits of the form: 0 and 1 choose a longer form of the length, 2 inverts masking, 3 to 5 change the declared
    /// length, and 6 chooses a key of zeros. Bit 7 compresses where that was agreed on.
    package func append(to stream: inout [UInt8], index: Int, sender: Role) {
        var random = SplitMix64(seed: UInt64(index) &+ 1)
        let isMasked = (sender == .client) != (form & 4 != 0)
        let key = form & 0x40 != 0 ? 0 : UInt32(truncatingIfNeeded: random.next())
        let frame = WireFrame(
            firstOctet: firstOctet,
            key: isMasked ? key : nil,
            form: form & 3 == 2 ? .bits16 : form & 3 == 3 ? .bits64 : .minimal,
            declaredLength: declaredLength,
            payload: payload
        )
        frame.append(to: &stream)
    }

    private var declaredLength: UInt64 {
        let length = UInt64(payload.count)
        return switch form >> 3 & 7 {
        case 4: length &+ 1
        case 5: length &- 1
        case 6: length | 1 << 63
        case 7: length &+ 1 << UInt64(payload.first ?? 16) % 64
        default: length
        }
    }
}

/// The sources of payload.
package enum PayloadSource {
    /// Texts with the border cases of UTF-8, valid and invalid, by the rows of RFC 3629 section 4.
    package static let texts: [[UInt8]] = [
        [0x7F], [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80],
        [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xCE, 0xBA, 0xE1, 0xBD, 0xB9],
        [0x80], [0xBF], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xFF],
        [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC3], [0xA9],
    ]

    /// Status codes at the borders of the ranges in RFC 6455 section 7.4.
    package static let codes: [UInt16] = [
        0, 999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1011, 1010, 1014, 1015, 1016, 1100, 2000, 2999, 3000,
        3999, 4000, 4999, 5000, 65_535,
    ]

    /// Lengths around the borders of the length forms.
    package static let lengths = [
        0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 31, 63, 64, 124, 125, 126, 127, 128, 255, 256, 1000, 65_536,
    ]

    /// Reads a source and its arguments, and makes the payload.
    static func read(_ cursor: inout OctetCursor) -> [UInt8] {
        switch cursor.next() & 7 {
        case 0: return []
        case 1: return cursor.take(Int(cursor.next()))
        case 2: return Array(repeating: UInt8(ascii: "a"), count: Int(cursor.next()))
        case 3: return Array(repeating: 0x2A, count: lengths[cursor.index(of: lengths.count)])
        case 4: return (0...(cursor.next() & 3)).flatMap { _ in texts[cursor.index(of: texts.count)] }
        case 5:
            let code = codes[cursor.index(of: codes.count)]
            return [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)] + texts[cursor.index(of: texts.count)]
        case 6: return Array([0x03, 0xE8].prefix(cursor.index(of: 3)))
        default: return Array("wsconform ".utf8) + texts[cursor.index(of: texts.count)]
        }
    }
}

/// Reads octets one after the other; after the end it returns zeros.
package struct OctetCursor: Sendable {
    private let octets: [UInt8]
    private var position = 0

    /// Creates a cursor at the first octet.
    package init(octets: [UInt8]) {
        self.octets = octets
    }

    /// Whether all octets were read.
    package var isAtEnd: Bool { position >= octets.count }

    /// Reads an octet.
    package mutating func next() -> UInt8 {
        guard !isAtEnd else { return 0 }
        defer { position += 1 }
        return octets[position]
    }

    /// Reads two octets, the first one as the high one.
    package mutating func twoOctets() -> Int { Int(next()) << 8 | Int(next()) }

    /// Reads an octet as an index of a list with this many elements.
    package mutating func index(of count: Int) -> Int { Int(next()) % count }

    /// Reads this many octets, or the rest if there are fewer.
    package mutating func take(_ count: Int) -> [UInt8] {
        let taken = octets.dropFirst(position).prefix(count)
        position += taken.count
        return Array(taken)
    }
}
