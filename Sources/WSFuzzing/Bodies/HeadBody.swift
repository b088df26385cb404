import WSKernels
import WSProtocol

/// Tests the decoder and the checks of HTTP heads, for requests and responses, in pieces and whole.
///
/// Properties: the outcome does not depend on the pieces; the octets of the head are kept; each range is within them; a
/// line break in a name or a value is reported; a head that a correct server or client accepts follows the grammar that
/// ``PlainHead`` implements independently; and a parsed head that is encoded again parses to the same.
package struct HeadBody: FuzzBody {
    package static let name = "heads"
    package static let maximumInputLength = 4096
    package static let shape = InputShape.octets

    private static let limit = 2048

    /// Creates a body.
    package init() {}

    package mutating func run(_ bytes: Span<UInt8>) -> Finding? {
        let input = FuzzInput(reading: bytes)
        // A client sends requests.
        let kind: HTTPHead.Kind = input.options.sender == .client ? .request : .response
        let whole = Self.decode([input.stream[...]], kind)
        for pieces in [input.pieces, input.stream.indices.map { input.stream[$0...$0] }] {
            let found = Self.decode(pieces, kind)
            guard found == whole else {
                return Finding("the outcome does not depend on the pieces", "\(found)\n\(whole)")
            }
        }
        guard case .complete(let head, let consumed) = whole else { return nil }
        guard head.raw == Array(input.stream.prefix(consumed)) else {
            return Finding("the octets of a head are kept", "\(head.raw.count) of \(consumed)")
        }
        if kind == .response, let finding = checkContent(after: head, input.stream[consumed...]) { return finding }
        return check(head)
    }

    /// Checks that the end of a response's content does not depend on the pieces.
    private func checkContent(after head: HTTPHead, _ rest: ArraySlice<UInt8>) -> Finding? {
        for method in ["GET", "HEAD"] {
            var whole = HTTPContentDecoder(after: head, method: method)
            var pieces = whole
            let octets = Array(rest)
            let taken = whole.feed(octets.span)
            var sum = 0
            for octet in octets {
                let piece = [octet]
                sum += pieces.feed(piece.span)
            }
            guard taken <= octets.count, sum == taken, pieces.isComplete == whole.isComplete else {
                return Finding("content ends where it ends, in pieces and whole", "\(taken) and \(sum) octets")
            }
            if case .length(let length) = whole.framing {
                guard UInt64(taken) == min(length, UInt64(octets.count)) else {
                    return Finding("content has the length that is declared", "\(taken) of \(length) octets")
                }
            }
        }
        return nil
    }

    /// Checks that each problem cites a requirement.
    private func checkReports(_ problems: [HandshakeProblem]) -> Finding? {
        for problem in problems where !problem.rule.requirement.hasPrefix("RFC") {
            return Finding("a problem is cited", "\(problem.rule): \(problem.detail)")
        }
        return nil
    }

    /// The outcome, with `consumed` counted from the start of the stream.
    private static func decode(_ pieces: [ArraySlice<UInt8>], _ kind: HTTPHead.Kind) -> HTTPHeadDecoder.Outcome {
        var decoder = HTTPHeadDecoder(expecting: kind, limit: limit)
        var fed = 0
        for slice in pieces {
            let piece = Array(slice)
            switch decoder.feed(piece.span) {
            case .needMore: fed += piece.count
            case .complete(let head, let consumed): return .complete(head, consumed: fed + consumed)
            case let outcome: return outcome
            }
        }
        return .needMore
    }

    private func check(_ head: HTTPHead) -> Finding? {
        let all = 0..<head.raw.count
        for field in head.fields {
            guard all.contains(field.lineOffset), all.contains(field.name), all.contains(field.value) else {
                return Finding("every range lies in the head", "\(field)")
            }
        }
        guard head.problems.allSatisfy({ 0...head.raw.count ~= $0.offset }),
            zip(head.problems, head.problems.dropFirst()).allSatisfy({ $0.offset <= $1.offset })
        else { return Finding("problems are in order and in the head", "\(head.problems)") }
        for problem in head.problems where !problem.rule.requirement.hasPrefix("RFC") || problem.rule.summary.isEmpty {
            return Finding("a flaw is cited, and told", problem.rule.rawValue)
        }
        let plain = PlainHead(head.raw)
        guard head.problems.isEmpty == plain.isWellFormed(head.kind) else {
            return Finding("the flaws are those of the grammar", "\(head.problems) in\n\(head.text(all))")
        }
        if head.problems.isEmpty {
            let fields = head.fields.map { [head.name(of: $0), head.value(of: $0)] }
            guard fields == plain.fields else {
                return Finding("the fields are those of the grammar", "\(fields)\n\(plain.fields)")
            }
        }
        return head.kind == .request ? checkRequest(head, plain) : checkResponse(head)
    }

    private func checkRequest(_ head: HTTPHead, _ plain: PlainHead) -> Finding? {
        let assessment = HandshakeRules.checkRequest(head)
        if let finding = checkReports(assessment.problems) { return finding }
        guard assessment.isAcceptable, head.problems.isEmpty else { return nil }
        guard plain.isHandshake else {
            return Finding("what is accepted is a handshake of RFC 6455 section 4.1", head.text(0..<head.raw.count))
        }
        // A request encoded from what was parsed has to be accepted, too, and to ask for the same.
        let again = HandshakeRequest(
            host: head.values(of: "Host").first ?? "",
            target: assessment.requestLine?.target ?? "",
            key: assessment.key ?? "",
            subprotocols: assessment.subprotocols
        )
        var decoder = HTTPHeadDecoder(expecting: .request)
        let octets = again.encode()
        guard case .complete(let second, _) = decoder.feed(octets.span) else {
            return Finding("what is written is a head", String(decoding: octets, as: UTF8.self))
        }
        let other = HandshakeRules.checkRequest(second)
        guard other.isAcceptable, other.key == assessment.key, other.subprotocols == assessment.subprotocols else {
            return Finding("what is written asks for the same", String(decoding: octets, as: UTF8.self))
        }
        return nil
    }

    private func checkResponse(_ head: HTTPHead) -> Finding? {
        let request = HandshakeRequest(
            host: "a",
            key: "dGhlIHNhbXBsZSBub25jZQ==",
            subprotocols: ["chat", "superchat"],
            extensions: ["permessage-deflate; client_max_window_bits", "x-test"]
        )
        let problems = HandshakeRules.checkResponse(head, to: request)
        guard problems.isEmpty else { return checkReports(problems) }
        guard head.values(of: "Sec-WebSocket-Accept") == ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo="],
            head.values(of: "Sec-WebSocket-Protocol").allSatisfy(request.subprotocols.contains),
            head.values(of: "Sec-WebSocket-Protocol").count <= 1
        else { return Finding("what is accepted answers what was asked", head.text(0..<head.raw.count)) }
        for value in head.values(of: "Sec-WebSocket-Extensions") {
            let accepted = ExtensionHeader.parse(value) ?? []
            guard !accepted.isEmpty, accepted.allSatisfy({ ["permessage-deflate", "x-test"].contains($0.name) }) else {
                return Finding("only what was offered is accepted", value)
            }
        }
        return nil
    }
}

extension Range<Int> {
    /// Whether this range contains the other one, which may be empty at its end.
    fileprivate func contains(_ other: Range<Int>) -> Bool {
        other.lowerBound >= lowerBound && other.upperBound <= upperBound
    }
}
