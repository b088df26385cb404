/// One element of a Sec-WebSocket-Extensions field (RFC 6455 section 9.1).
public struct ExtensionOffer: Sendable, Hashable, Codable {
    /// The extension's name.
    public var name: String
    /// The parameters in order, repeated ones included.
    public var parameters: [ExtensionParameter]

    /// The element as it stands in the field.
    public var text: String {
        ([name] + parameters.map(\.text)).joined(separator: "; ")
    }

    /// An offer with the name and the parameters.
    public init(name: String, parameters: [ExtensionParameter] = []) {
        self.name = name
        self.parameters = parameters
    }
}

/// A parameter of an extension (RFC 6455 section 9.1).
public struct ExtensionParameter: Sendable, Hashable, Codable {
    /// The parameter's name.
    public var name: String
    /// The value, unquoted, if there is one.
    public var value: String?

    /// The parameter as it stands in the field.
    public var text: String { value.map { "\(name)=\($0)" } ?? name }

    /// A parameter with the name and the value.
    public init(name: String, value: String? = nil) {
        self.name = name
        self.value = value
    }
}

/// The grammar of Sec-WebSocket-Extensions (RFC 6455 section 9.1).
public enum ExtensionHeader {
    /// Parses a field value into its elements, in order; nil if it does not follow the grammar.
    ///
    /// Whitespace around every separator, including `=`, and empty list elements are accepted, as in RFC 2616 section
    /// 2.1, on which the grammar is based. A quoted value has to be a token without its quotes.
    public static func parse(_ value: String) -> [ExtensionOffer]? {
        var reader = Reader(bytes: Array(value.utf8))
        var offers: [ExtensionOffer] = []
        repeat {
            reader.skipWhitespace()
            if reader.isAtEnd || reader.isAt(",") { continue }
            guard let offer = reader.takeOffer() else { return nil }
            offers.append(offer)
        } while reader.take(",")
        return reader.isAtEnd && !offers.isEmpty ? offers : nil
    }

    /// A position in a field value, between two of its parts.
    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        var isAtEnd: Bool { position == bytes.count }

        func isAt(_ character: Unicode.Scalar) -> Bool {
            !isAtEnd && bytes[position] == UInt8(ascii: character)
        }

        mutating func skipWhitespace() {
            while !isAtEnd, HTTPGrammar.isWhitespace(bytes[position]) { position += 1 }
        }

        /// Takes the separator and the whitespace before it.
        mutating func take(_ separator: Unicode.Scalar) -> Bool {
            skipWhitespace()
            guard isAt(separator) else { return false }
            position += 1
            return true
        }

        /// Takes `extension = extension-token *( ";" extension-param )`.
        mutating func takeOffer() -> ExtensionOffer? {
            guard let name = takeToken() else { return nil }
            var offer = ExtensionOffer(name: name)
            while take(";") {
                guard let parameter = takeParameter() else { return nil }
                offer.parameters.append(parameter)
            }
            return offer
        }

        /// Takes `extension-param = token [ "=" ( token | quoted-string ) ]`.
        mutating func takeParameter() -> ExtensionParameter? {
            guard let name = takeToken() else { return nil }
            guard take("=") else { return ExtensionParameter(name: name) }
            skipWhitespace()
            guard let value = isAt("\"") ? takeQuotedToken() : takeToken() else { return nil }
            return ExtensionParameter(name: name, value: value)
        }

        mutating func takeToken() -> String? {
            skipWhitespace()
            let start = position
            while !isAtEnd, HTTPGrammar.isTokenByte(bytes[position]) { position += 1 }
            return start == position ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
        }

        mutating func takeQuotedToken() -> String? {
            position += 1
            var token: [UInt8] = []
            while !isAtEnd, !isAt("\"") {
                if isAt("\\") { position += 1 }
                guard !isAtEnd, HTTPGrammar.isTokenByte(bytes[position]) else { return nil }
                token.append(bytes[position])
                position += 1
            }
            guard !isAtEnd, !token.isEmpty else { return nil }
            position += 1
            return String(decoding: token, as: UTF8.self)
        }
    }
}
