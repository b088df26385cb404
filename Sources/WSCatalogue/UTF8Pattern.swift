/// Encodes a number with the bit pattern of UTF-8, whether or not it is a valid code point.
///
/// RFC 3629 allows only the shortest form, no surrogates, and nothing above U+10FFFF. The patterns of its predecessor,
/// with up to six octets, follow the same scheme.
///
/// - Precondition: `length` is in 1...6 and the number fits.
func utf8Pattern(_ number: UInt32, length: Int) -> [UInt8] {
    precondition((1...6).contains(length))
    guard length > 1 else { return [UInt8(number)] }
    let continuations = (0..<length - 1).reversed().map { UInt8(0x80 | (number >> (6 * UInt32($0))) & 0x3F) }
    // The lead octet begins with as many one bits as there are octets.
    let lead = UInt8(truncatingIfNeeded: 0xFF00 >> length) | UInt8(number >> (6 * UInt32(length - 1)))
    return [lead] + continuations
}

/// The octets of a code point in its shortest form.
func utf8Octets(_ codePoint: UInt32) -> [UInt8] {
    switch codePoint {
    case ...0x7F: utf8Pattern(codePoint, length: 1)
    case ...0x7FF: utf8Pattern(codePoint, length: 2)
    case ...0xFFFF: utf8Pattern(codePoint, length: 3)
    default: utf8Pattern(codePoint, length: 4)
    }
}
