/// A header field to be written, as it is: neither name nor value is checked.
public struct HTTPField: Sendable, Hashable, Codable {
    /// The name.
    public var name: String
    /// The value.
    public var value: String

    /// A field with the name and the value.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [HTTPField] {
    /// The octets of a head: the start line, the fields, the empty line.
    public func encodedHead(startLine: String) -> [UInt8] {
        var text = startLine + "\r\n"
        for field in self { text += "\(field.name): \(field.value)\r\n" }
        return [UInt8]((text + "\r\n").utf8)
    }
}
