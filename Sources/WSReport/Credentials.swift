/// Masks the credentials that a user gave for a run, in everything that is reported.
///
/// A server may send back what it received: in a Location, a status phrase, a subprotocol, a message or a close reason.
/// Therefore the values are masked wherever they appear, also if a quotation cuts them, in hexadecimal digits, and in
/// the forms that octets beyond ASCII have in heads.
///
/// What is masked:
/// - the value of each field of `--header` or `--cookie`, after the name of the field, whatever the value is;
/// - the values in the address's query, at their place in it;
/// - a value anywhere else if it has at least 8 octets, or at least 4 with other characters than letters. If the
///   field's name does not suggest a credential, it needs at least 8 octets with other characters than letters.
///
/// Masking shorter values would remove ordinary words from our sentences; they are useless as secrets.
package struct Credentials: Sendable, Hashable {
    /// The octets to search for, and their replacement.
    private struct Needle: Sendable, Hashable {
        var octets: [UInt8]
        var replacement: [UInt8]
        /// Whether it must not be part of a longer word.
        var isWord: Bool
        /// The shortest prefix that is masked where a quotation cuts it.
        var shortest: Int
    }

    private var needles: [Needle] = []
    private var names: Set<String> = []

    /// Masks only the values of fields with well-known names.
    package static let none = Credentials(fields: [], resourceName: "/")

    /// Collects the credentials of a run.
    ///
    /// - Parameters:
    ///   - fields: The names and values of header fields, cookies included.
    ///   - resourceName: Path and query of the address.
    package init(fields: [(name: String, value: String)], resourceName: String) {
        self.init(fields: fields, resourceNames: [resourceName])
    }

    /// Collects the credentials of a run from what was recorded of it.
    ///
    /// - Parameters:
    ///   - fields: The names and values of header fields, cookies included.
    ///   - resourceNames: Path and query of each address that occurs.
    package init(fields: [(name: String, value: String)], resourceNames: [String]) {
        for (name, value) in fields {
            names.insert(name.lowercased())
            let soundsSecret = Self.soundsSecret(name)
            add(value, soundsSecret: soundsSecret)
            // Authorization has a scheme before the value; Cookie has names and values.
            for part in value.split(whereSeparator: { $0 == ";" || $0 == " " || $0 == "," }) {
                let cookie = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let isCookie = name.lowercased() == "cookie" && cookie.count == 2
                add(String(isCookie ? cookie[1] : part), soundsSecret: soundsSecret)
            }
        }
        for resourceName in resourceNames {
            if let mark = resourceName.firstIndex(of: "?") { add(query: resourceName[mark...]) }
        }
        needles.sort { $0.octets.count > $1.octets.count }
    }

    /// Masks also a message that is sent, and the values in it.
    package mutating func add(message: String) {
        add(message, soundsSecret: true)
        var soundsSecret = false
        for part in message.split(whereSeparator: { !($0.isLetter || $0.isNumber || "-_.+/=~@!$%".contains($0)) }) {
            add(String(part), soundsSecret: soundsSecret)
            // In {"token": "…"} and in `login name …`, what follows such a word is one.
            soundsSecret = Self.soundsSecret(String(part)) || Self.soundsLikeLogin(String(part))
        }
        needles.sort { $0.octets.count > $1.octets.count }
    }

    /// A text with its credentials masked.
    package func masked(_ text: String) -> String {
        let named = Secrets.mask(text, alsoNamed: names)
        guard !needles.isEmpty else { return named }
        var octets = Array(named.utf8)
        var isChanged = false
        for needle in needles {
            guard let replaced = Self.replacing(needle, in: octets) else { continue }
            octets = replaced
            isChanged = true
        }
        return isChanged ? String(decoding: octets, as: UTF8.self) : named
    }

    // MARK: - What is looked for

    private mutating func add(query: Substring) {
        var masked = "?"
        for (index, part) in query.dropFirst().split(separator: "&", omittingEmptySubsequences: false).enumerated() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = String(pair.last ?? "")
            if index > 0 { masked += "&" }
            masked += pair.count == 2 ? "\(pair[0])=" : ""
            masked += value.isEmpty ? "" : Secrets.mask
            let soundsSecret = pair.count == 1 || Self.soundsSecret(String(pair[0]))
            add(value, soundsSecret: soundsSecret)
            add(Self.percentDecoded(value), soundsSecret: soundsSecret)
        }
        guard masked.utf8.count > 1 else { return }
        let octets = Array(query.utf8)
        needles.append(Needle(octets: octets, replacement: Array(masked.utf8), isWord: false, shortest: octets.count))
    }

    private mutating func add(_ value: String, soundsSecret: Bool) {
        var octets = Array(value.utf8)
        if octets.count >= 2, octets.first == UInt8(ascii: "\""), octets.last == UInt8(ascii: "\"") {
            octets = Array(octets[1..<octets.count - 1])
        }
        let isLetters = octets.allSatisfy(Self.isLetter)
        let isLong = octets.count >= 8
        guard soundsSecret ? isLong || octets.count >= 4 && !isLetters : isLong && !isLetters else { return }
        var forms = [(octets, 4), (octets.flatMap(Self.digits), 8)]
        if octets.contains(where: { $0 >= 0x80 }) {
            // In a field value each octet is a character (ISO 8859-1), in a line of a head it is an escape.
            forms.append((octets.flatMap { Array(String(Unicode.Scalar($0)).utf8) }, 4))
            forms.append((octets.flatMap(Self.escaped), 8))
        }
        for (form, shortest) in forms where !needles.contains(where: { $0.octets == form }) {
            let mask = Array(Secrets.mask.utf8)
            needles.append(Needle(octets: form, replacement: mask, isWord: !isLong, shortest: shortest))
        }
    }

    /// The two hexadecimal digits of an octet.
    private static func digits(_ octet: UInt8) -> [UInt8] {
        [octet >> 4, octet & 15].map { Array("0123456789abcdef".utf8)[Int($0)] }
    }

    /// An octet as it stands in a line of a head.
    private static func escaped(_ octet: UInt8) -> [UInt8] {
        (0x20..<0x7F).contains(octet) ? [octet] : Array("\\x".utf8) + digits(octet)
    }

    private static func soundsSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return [
            "auth", "cookie", "key", "token", "secret", "pass", "pwd", "session", "sid", "jwt", "sig", "ticket", "cred",
        ]
        .contains { name.contains($0) }
    }

    private static func soundsLikeLogin(_ word: String) -> Bool { ["login", "bearer"].contains(word.lowercased()) }

    private static func percentDecoded(_ text: String) -> String {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            if octet == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                result.append(value)
                rest = rest.dropFirst(2)
            } else {
                result.append(octet == UInt8(ascii: "+") ? UInt8(ascii: " ") : octet)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    // MARK: - Where it is found

    /// The text with all occurrences replaced; nil if there are none.
    private static func replacing(_ needle: Needle, in text: [UInt8]) -> [UInt8]? {
        guard let first = needle.octets.first else { return nil }
        var result: [UInt8] = []
        var start = 0
        var index = 0
        while index < text.count {
            guard text[index] == first else {
                index += 1
                continue
            }
            var length = 1
            while length < needle.octets.count, index + length < text.count,
                text[index + length] == needle.octets[length]
            {
                length += 1
            }
            let end = index + length
            let isWhole = length == needle.octets.count
            let isThere =
                isWhole
                ? !needle.isWord || isBoundary(before: index, text) && (end == text.count || !isWordOctet(text[end]))
                : length >= needle.shortest && isCut(at: end, text)
                    && (length >= 2 * needle.shortest || isBoundary(before: index, text))
            guard isThere else {
                index += 1
                continue
            }
            result += text[start..<index]
            result += needle.replacement
            start = end
            index = end
        }
        return start == 0 ? nil : result + text[start...]
    }

    /// Whether a quotation was cut here; three full stops are those of Autobahn's form.
    private static func isCut(at end: Int, _ text: [UInt8]) -> Bool {
        text[end...].isEmpty || ["…", " …", "\" …", " ..."].contains { text[end...].starts(with: $0.utf8) }
    }

    private static func isBoundary(before index: Int, _ text: [UInt8]) -> Bool {
        index == 0 || !isWordOctet(text[index - 1])
            // `0x` precedes hexadecimal digits.
            || index >= 2 && text[index - 1] == UInt8(ascii: "x") && text[index - 2] == UInt8(ascii: "0")
    }

    private static func isWordOctet(_ octet: UInt8) -> Bool {
        isLetter(octet) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) || octet >= 0x80
    }

    private static func isLetter(_ octet: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet | 0x20)
    }
}
