/// The numbers of RFC 1951.
enum DeflateFormat {
    /// The symbol that ends a block (section 3.2.5).
    static let endOfBlock = 256

    /// The longest code (section 3.2.7).
    static let longestCode = 15

    /// The largest distance, and so the largest window (section 2).
    static let largestDistance = 32_768

    /// The longest match (section 3.2.5).
    static let longestMatch = 258

    /// The smallest length of each symbol from 257 on (section 3.2.5).
    static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]

    /// How many extra bits follow each symbol from 257 on (section 3.2.5).
    static let lengthExtraBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]

    /// The smallest distance of each symbol (section 3.2.5).
    static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12_289, 16_385, 24_577,
    ]

    /// How many extra bits follow each distance symbol (section 3.2.5).
    static let distanceExtraBits = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]

    /// The order in which the lengths of the code length code are written (section 3.2.7).
    static let codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// The lengths of the fixed literal/length code (section 3.2.6).
    static let fixedLiteralLengths: [UInt8] =
        Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112) + Array(repeating: 7, count: 24)
        + Array(repeating: 8, count: 8)

    /// The lengths of the fixed distance code (section 3.2.6).
    static let fixedDistanceLengths: [UInt8] = Array(repeating: 5, count: 32)
}
