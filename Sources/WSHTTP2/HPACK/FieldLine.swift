/// A name and a value, as a field section has them (RFC 9110 section 5); neither has to be text or valid.
package struct FieldLine: Sendable, Hashable {
    /// The octets of the name.
    package var name: [UInt8]
    /// The octets of the value.
    package var value: [UInt8]

    /// A line of any octets.
    package init(name: [UInt8], value: [UInt8]) {
        self.name = name
        self.value = value
    }

    /// A line of text.
    package init(_ name: String, _ value: String) {
        self.init(name: Array(name.utf8), value: Array(value.utf8))
    }

    /// The size by which tables and lists are measured: 32 octets are added for each line (RFC 7541 section 4.1).
    package var size: Int { name.count + value.count + 32 }

    /// Whether the name is the given text; no letter has two cases here.
    package func isNamed(_ text: StaticString) -> Bool {
        guard name.count == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { unsafe $0.elementsEqual(name) }
    }

    /// Whether the name is that of a pseudo-header field, which begins with a colon (RFC 9113 section 8.3).
    package var isPseudo: Bool { name.first == 0x3A }
}

extension FieldLine: CustomStringConvertible {
    /// The line as text, with invalid octets replaced.
    package var description: String {
        String(decoding: name, as: UTF8.self) + ": " + String(decoding: value, as: UTF8.self)
    }
}
