import WSKernels

/// Compares the UTF-8 validator with the standard library and a plain implementation of RFC 3629, cut at each place.
///
/// It also tests encoding and decoding of hexadecimal digits.
package struct TextBody: FuzzBody {
    package static let name = "text"
    package static let maximumInputLength = 512
    package static let shape = InputShape.octets

    /// Creates a body.
    package init() {}

    package mutating func run(_ input: Span<UInt8>) -> Finding? {
        let bytes = [UInt8](copying: input)
        guard Hex.decode(Hex.encode(bytes)) == bytes else {
            return Finding("octets in hexadecimal are read as they were written", Hex.encode(bytes))
        }
        if let octets = Hex.decode(String(decoding: bytes, as: UTF8.self)), octets.count * 2 > bytes.count {
            return Finding("two digits are one octet", Hex.encode(bytes))
        }
        let expected = ReferenceKernels.utf8(bytes)
        var whole = UTF8StreamValidator()
        guard whole.validate(bytes.span) == expected.impossible else {
            return Finding("the first impossible octet is found", "\(expected) in \(Hex.encode(bytes))")
        }
        guard whole.isComplete == (String(validating: bytes, as: UTF8.self) != nil) else {
            return Finding("the validator and the standard library agree", Hex.encode(bytes))
        }
        var ended = whole
        guard ended.finish() == expected.impossible ?? expected.unfinished else {
            return Finding("an unfinished sequence is found at its first octet", "\(expected) in \(Hex.encode(bytes))")
        }
        for cut in 0...bytes.count {
            var validator = UTF8StreamValidator()
            let first = validator.validate(bytes.span.extracting(0..<cut))
            // A text that is invalid remains so, whatever is fed later.
            let isKnown = expected.impossible.map { $0 < cut } ?? false
            guard (first != nil) == isKnown else {
                return Finding("an impossible octet is reported at once", "cut at \(cut): \(Hex.encode(bytes))")
            }
            let second = validator.validate(bytes.span.extracting(cut..<bytes.count))
            // After an impossible octet, the start of its sequence has no meaning.
            guard second == expected.impossible, validator.isComplete == whole.isComplete,
                validator.validatedCount == whole.validatedCount, second != nil || validator == whole
            else {
                return Finding("the answer does not depend on the cut", "cut at \(cut): \(Hex.encode(bytes))")
            }
        }
        return nil
    }
}
