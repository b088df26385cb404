/// The Huffman code of RFC 7541, appendix B.
///
/// It is a canonical code: codes of equal length are consecutive numbers in the order of their symbols, and a longer
/// code is larger than a shorter one. So the lengths alone define it.
enum HPACKHuffman {
    /// The symbol that ends no string: its code is only there for padding.
    static let endOfString = 256

    /// The code of each symbol, in as many low bits as ``lengths`` says.
    static let codes: [UInt32] = {
        var codes = [UInt32](repeating: 0, count: lengths.count)
        var next: UInt32 = 0
        var length: UInt8 = 0
        for symbol in ordered {
            next <<= UInt32(lengths[symbol] - length)
            length = lengths[symbol]
            codes[symbol] = next
            next += 1
        }
        return codes
    }()

    /// The tables that decoding needs.
    static let decoding = Decoding()

    /// The symbols in the order of their codes.
    private static let ordered = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }

    /// How many octets the code of a string takes.
    static func encodedLength(_ octets: some Collection<UInt8>) -> Int {
        (octets.reduce(0) { $0 + Int(lengths[Int($1)]) } + 7) / 8
    }

    /// Appends the code of a string, padded with the first bits of the code of ``endOfString``.
    static func encode(_ octets: some Collection<UInt8>, into bytes: inout [UInt8]) {
        var writer = Writer()
        for octet in octets { writer.append(Int(octet), into: &bytes) }
        writer.pad(with: 0xFF, into: &bytes)
    }

    /// Appends codes, which may be those of ``endOfString``, and padding that may be wrong.
    struct Writer {
        private var pending: UInt64 = 0
        private var count: UInt64 = 0

        mutating func append(_ symbol: Int, into bytes: inout [UInt8]) {
            pending = pending << UInt64(lengths[symbol]) | UInt64(codes[symbol])
            count += UInt64(lengths[symbol])
            while count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> count))
            }
        }

        /// Fills the last octet with the first bits of the given one.
        mutating func pad(with octet: UInt8, into bytes: inout [UInt8]) {
            guard count > 0 else { return }
            let high = UInt8(truncatingIfNeeded: pending << (8 - count))
            bytes.append(high | octet >> UInt8(count))
            count = 0
        }
    }

    /// The length of the code of each symbol in bits.
    static let lengths: [UInt8] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30,
    ]
}

extension HPACKHuffman {
    /// What a string of codes holds.
    enum Outcome: Hashable {
        /// All of it was read; what is wrong with its padding, if anything.
        case decoded(HPACKProblem.Kind?)
        /// The code of ``endOfString`` stands in it.
        case endOfString
    }

    /// The tables for decoding: of short codes by all of their bits, of long ones by length.
    struct Decoding: Sendable {
        /// For each octet the symbol whose code is at its beginning, and above it the length; zero where it is longer.
        private let short: [UInt16]
        /// For each length the first number, in 32 bits, that is too large for a code of that length.
        private let limits: [UInt64]
        /// For each length what turns a code of that length into its place among the ordered symbols.
        private let offsets: [Int]
        private let symbols: [UInt16]

        init() {
            var short = [UInt16](repeating: 0, count: 256)
            var limits = [UInt64](repeating: 0, count: 31)
            var offsets = [Int](repeating: 0, count: 31)
            for (place, symbol) in ordered.enumerated() {
                let (length, code) = (Int(lengths[symbol]), codes[symbol])
                limits[length] = UInt64(code + 1) << UInt64(32 - length)
                offsets[length] = place - Int(code)
                guard length <= 8 else { continue }
                let first = Int(code) << (8 - length)
                for octet in first..<(first + 1 << (8 - length)) {
                    short[octet] = UInt16(length) << 8 | UInt16(symbol)
                }
            }
            self.short = short
            self.limits = limits
            self.offsets = offsets
            symbols = ordered.map { UInt16($0) }
        }

        /// Appends what the codes stand for.
        func decode(_ bytes: Span<UInt8>, into octets: inout [UInt8]) -> Outcome {
            let (short, symbols) = (short.span, symbols.span)
            // The bits that are not used yet, the next one topmost.
            var bits: UInt64 = 0
            var count = 0
            var position = 0
            while true {
                while count <= 56, position < bytes.count {
                    bits |= UInt64(bytes[position]) << UInt64(56 - count)
                    position &+= 1
                    count &+= 8
                }
                let entry = short[Int(truncatingIfNeeded: bits >> 56)]
                if entry != 0, Int(entry >> 8) <= count {
                    octets.append(UInt8(truncatingIfNeeded: entry))
                    bits <<= UInt64(entry >> 8)
                    count &-= Int(entry >> 8)
                    continue
                }
                guard let length = length(of: bits >> 32), length <= count else {
                    return .decoded(Self.problem(bits, count))
                }
                let symbol = symbols[offsets[length] + Int(bits >> UInt64(64 - length))]
                guard symbol < 256 else { return .endOfString }
                octets.append(UInt8(symbol))
                bits <<= UInt64(length)
                count -= length
            }
        }

        /// The length of the code at the beginning of 32 bits; every number begins with some code.
        private func length(of bits: UInt64) -> Int? {
            (5...30).first { bits < limits[$0] }
        }

        /// What is wrong with the bits behind the last code (RFC 7541 section 5.2).
        private static func problem(_ bits: UInt64, _ count: Int) -> HPACKProblem.Kind? {
            let isOnes = count == 0 || ~bits >> UInt64(64 - count) == 0
            return isOnes ? (count > 7 ? .paddingTooLong : nil) : .paddingNotOnes
        }
    }
}
