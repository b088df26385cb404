import WSKernels
import WSProtocol

/// Tests the grammar of Sec-WebSocket-Extensions and the check of a negotiation.
///
/// Properties: a parsed value consists of tokens that the text contains; encoding it and parsing again gives the same;
/// an answer is accepted only if each of its extensions was offered; what a correct server answers to an offer of
/// permessage-deflate is right.
package struct ExtensionBody: FuzzBody {
    package static let name = "extensions"
    package static let maximumInputLength = 1024
    package static let shape = InputShape.octets

    /// Creates a body.
    package init() {}

    package mutating func run(_ input: Span<UInt8>) -> Finding? {
        // The input is the offered value and, after a zero octet, the value of the answer.
        let octets = Array(copying: input)
        let parts = octets.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let texts = parts.map { String(decoding: $0, as: UTF8.self) }
        for text in texts {
            if let finding = check(text) { return finding }
        }
        guard texts.count == 2, let offered = ExtensionHeader.parse(texts[0]) else { return nil }
        return compress(offered, answer: texts[1]) ?? negotiate(offered, texts[0], answer: texts[1])
    }

    private func check(_ text: String) -> Finding? {
        guard let offers = ExtensionHeader.parse(text) else { return nil }
        for offer in offers {
            for token in [offer.name] + offer.parameters.map(\.name) where !text.contains(token) || token.isEmpty {
                return Finding("what is read stands in the value", "\(token) in \(text)")
            }
        }
        let written = offers.map { offer in
            offer.parameters.reduce(offer.name) { text, parameter in
                text + "; " + parameter.name + (parameter.value.map { "=\($0)" } ?? "")
            }
        }
        let again = ExtensionHeader.parse(written.joined(separator: ", "))
        guard again == offers else {
            return Finding("what is written reads the same", "\(offers)\n\(String(describing: again))")
        }
        return nil
    }

    /// The answers of a correct server, one of them without parameters.
    private static let answers = [
        DeflateAnswer(serverMaxWindowBits: 11, clientMaxWindowBits: 9), DeflateAnswer(serverNoContextTakeover: true),
        DeflateAnswer(),
    ]

    private func compress(_ offered: [ExtensionOffer], answer text: String) -> Finding? {
        for answers in [Self.answers, Self.answers.suffix(1)] {
            guard let answer = DeflateNegotiation.answer(to: offered, supporting: answers) else { continue }
            let problems = DeflateNegotiation.problems(of: [answer.element], to: offered)
            guard problems.isEmpty, DeflateAnswer(answer.element) == answer else {
                let detail = "\(offered)\n\(answer.element.text): \(problems)"
                return Finding("what a server answers fits the offer", detail)
            }
        }
        let accepted = ExtensionHeader.parse(text) ?? []
        let problems = DeflateNegotiation.problems(of: accepted, to: offered)
        // What is right is read in full.
        guard problems.isEmpty, let element = accepted.first(where: { DeflateParameters.isName($0.name) }) else {
            return nil
        }
        guard DeflateAnswer(element)?.parameters == DeflateParameters(accepted: element) else {
            return Finding("a right answer is read as it is written", element.text)
        }
        return nil
    }

    private func negotiate(_ offered: [ExtensionOffer], _ text: String, answer: String) -> Finding? {
        let request = HandshakeRequest(host: "a", key: "dGhlIHNhbXBsZSBub25jZQ==", extensions: [text])
        let response = HandshakeResponse.accepting(key: request.key, extensions: [answer])
        var decoder = HTTPHeadDecoder(expecting: .response)
        let octets = response.encode()
        guard case .complete(let head, let consumed) = decoder.feed(octets.span), consumed == octets.count else {
            // A line break in the answer ends its field.
            return answer.utf8.contains { $0 == 10 || $0 == 13 } ? nil : Finding("what is written is a head", answer)
        }
        let isRefused = HandshakeRules.checkResponse(head, to: request).contains { problem in
            switch problem.rule {
            case .responseExtensionNotOffered, .responseExtensionOtherCase, .responseExtensionMalformed,
                .responseExtensionEmpty:
                true
            default: false
            }
        }
        let names = Set(offered.map(\.name))
        let accepted = ExtensionHeader.parse(head.values(of: "Sec-WebSocket-Extensions").first ?? "")
        let isSubset = accepted.map { $0.allSatisfy { names.contains($0.name) } } ?? false
        guard isRefused != isSubset || head.fields(named: "Sec-WebSocket-Extensions").count != 1 else {
            return Finding("an answer is accepted if all of it was offered", "\(text)\n\(answer)")
        }
        return nil
    }
}
