import Foundation
import Testing
import WSFuzzing
import WSKernels
import WSProtocol

/// A file of `Vectors/`, as any reader sees it.
struct VectorFile<Vector: Decodable>: Decodable {
    var vectors: [Vector]

    static func read(_ path: String) throws -> [Vector] {
        let url = `Committed inputs`.root.appending(path: "Vectors/\(path)")
        return try JSONDecoder().decode(VectorFile.self, from: Data(contentsOf: url)).vectors
    }
}

private struct StreamVector: Decodable {
    struct Event: Decodable {
        var type: String
        var payload: String?
        var code: UInt16?
        var reason: String?

        var event: ParserEvent {
            let octets = Hex.decode(payload ?? "") ?? []
            return switch type {
            case "text": .message(.text, payload: octets)
            case "binary": .message(.binary, payload: octets)
            case "ping": .control(.ping, payload: octets)
            case "pong": .control(.pong, payload: octets)
            default: .close(code: code, reason: Hex.decode(reason ?? "") ?? [])
            }
        }
    }

    var id: Int
    var comment: String
    var sender: Role
    var octets: String
    var result: String
    var events: [Event]
    var code: UInt16?
    var offset: Int?
}

private struct TextVector: Decodable {
    var octets: String
    var result: String
    var offset: Int?
}

private struct CloseVector: Decodable {
    var sender: Role
    var octets: String
    var result: String
    var code: UInt16?
    var reason: String?
    var failureCode: UInt16?
    var offset: Int?
}

private struct MaskingVector: Decodable {
    var key: String
    var plain: String
    var masked: String
    var payloadOffset: Int?
}

private struct RequestVector: Decodable {
    var comment: String
    var text: String
    var result: String
    var status: Int
}

private struct ResponseVector: Decodable {
    var comment: String
    var key: String
    var subprotocols: [String]
    var extensions: [String]
    var text: String
    var result: String
}

private struct ExtensionVector: Decodable {
    struct Offer: Decodable, Equatable {
        struct Parameter: Decodable, Equatable {
            var name: String
            var value: String?
        }

        var name: String
        var parameters: [Parameter]
    }

    var value: String
    var result: String
    var offers: [Offer]?
}

private struct NegotiationVector: Decodable {
    var offer: String
    var answer: String
    var result: String
    /// What is wrong with the answer of permessage-deflate, by name; nil if nothing is.
    var problems: [String]?
}

@Suite struct `Vectors` {
    @Test func `Streams come out as they should, from our parser and from the model`() throws {
        let vectors = try VectorFile<StreamVector>.read("frames/streams.json")
        #expect(vectors.count > 200)
        for vector in vectors {
            let stream = try #require(Hex.decode(vector.octets))
            let events = vector.events.map(\.event)
            var parser = ObservingParser(sender: vector.sender)
            parser.feed(stream.span)
            #expect(parser.outcome.events == events, "\(vector.id) \(vector.comment)")
            #expect(parser.outcome.failure?.code == vector.code, "\(vector.id) \(vector.comment)")
            #expect(
                parser.outcome.failure?.offset == vector.offset.map { UInt64($0) },
                "\(vector.id) \(vector.comment)"
            )
            #expect((parser.outcome.failure != nil) == (vector.result == "invalid"))
            let model = ReferenceModel.outcome(of: stream, ReferenceModel.Settings(sender: vector.sender))
            #expect(model.events == events, "\(vector.id) \(vector.comment)")
            #expect(model.failure.map { ($0.codes.first, $0.offset) }?.1 == vector.offset)
        }
    }

    @Test func `Texts are UTF-8 or not, and the offset is that of the first wrong octet`() throws {
        for vector in try VectorFile<TextVector>.read("utf8/texts.json") {
            let octets = try #require(Hex.decode(vector.octets))
            var validator = UTF8StreamValidator()
            validator.validate(octets.span)
            #expect(validator.finish() == vector.offset, "\(vector.octets)")
            #expect((vector.offset == nil) == (vector.result == "valid"))
            #expect(
                (String(validating: octets, as: UTF8.self) != nil) == (vector.result == "valid"),
                "\(vector.octets)"
            )
        }
    }

    @Test func `Close bodies are taken or refused`() throws {
        for vector in try VectorFile<CloseVector>.read("close/bodies.json") {
            let body = try #require(Hex.decode(vector.octets))
            let key: UInt32? = vector.sender == .client ? 0 : nil
            var stream: [UInt8] = []
            WireFrame(firstOctet: 0x88, key: key, payload: body).append(to: &stream)
            var parser = ObservingParser(sender: vector.sender)
            parser.feed(stream.span)
            if vector.result == "valid" {
                let reason = try #require(Hex.decode(vector.reason ?? ""))
                #expect(parser.outcome.events == [.close(code: vector.code, reason: reason)], "\(vector.octets)")
            } else {
                let header = stream.count - body.count
                let offset = vector.offset.map { UInt64($0 + header) }
                #expect(
                    parser.outcome.failure == ParserFailure(code: vector.failureCode, offset: offset),
                    "\(vector.octets)"
                )
            }
        }
    }

    @Test func `Octets are masked`() throws {
        for vector in try VectorFile<MaskingVector>.read("frames/masking.json") {
            let key = try #require(UInt32(vector.key, radix: 16))
            var octets = try #require(Hex.decode(vector.plain))
            MaskingKey(rawValue: key).apply(to: &octets, payloadOffset: UInt64(vector.payloadOffset ?? 0))
            #expect(Hex.encode(octets) == vector.masked)
        }
    }

    @Test func `Requests are acceptable or not, and have their status`() throws {
        for vector in try VectorFile<RequestVector>.read("handshake/requests.json") {
            let octets = Array(vector.text.utf8)
            var decoder = HTTPHeadDecoder(expecting: .request)
            guard case .complete(let head, _) = decoder.feed(octets.span) else {
                Issue.record("\(vector.comment): no head")
                continue
            }
            let assessment = HandshakeRules.checkRequest(head)
            #expect(assessment.status == vector.status, "\(vector.comment)")
            #expect(assessment.isAcceptable == (vector.result == "acceptable"), "\(vector.comment)")
        }
    }

    @Test func `Responses are acceptable or not`() throws {
        for vector in try VectorFile<ResponseVector>.read("handshake/responses.json") {
            let octets = Array(vector.text.utf8)
            var decoder = HTTPHeadDecoder(expecting: .response)
            guard case .complete(let head, _) = decoder.feed(octets.span) else {
                Issue.record("\(vector.comment): no head")
                continue
            }
            let request = HandshakeRequest(
                host: "server.example.com",
                key: vector.key,
                subprotocols: vector.subprotocols,
                extensions: vector.extensions
            )
            let problems = HandshakeRules.checkResponse(head, to: request)
            #expect(problems.isEmpty == (vector.result == "acceptable"), "\(vector.comment): \(problems)")
        }
    }

    @Test func `Extension values are of the grammar or not`() throws {
        for vector in try VectorFile<ExtensionVector>.read("extensions/values.json") {
            let offers = ExtensionHeader.parse(vector.value)?.map { offer in
                ExtensionVector.Offer(
                    name: offer.name,
                    parameters: offer.parameters.map { .init(name: $0.name, value: $0.value) }
                )
            }
            #expect(offers == vector.offers, "\(vector.value)")
            #expect((offers != nil) == (vector.result == "valid"), "\(vector.value)")
        }
    }

    @Test func `An answer is taken if all of it was offered, with the parameters that were`() throws {
        for vector in try VectorFile<NegotiationVector>.read("extensions/negotiations.json") {
            let request = HandshakeRequest(host: "a", key: "dGhlIHNhbXBsZSBub25jZQ==", extensions: [vector.offer])
            let octets = HandshakeResponse.accepting(key: request.key, extensions: [vector.answer]).encode()
            var decoder = HTTPHeadDecoder(expecting: .response)
            guard case .complete(let head, _) = decoder.feed(octets.span) else {
                Issue.record("\(vector.answer): no head")
                continue
            }
            let problems = DeflateNegotiation.problems(
                of: ExtensionHeader.parse(vector.answer) ?? [],
                to: ExtensionHeader.parse(vector.offer) ?? []
            )
            #expect(problems.map(\.name) == vector.problems ?? [], "\(vector.offer) and \(vector.answer)")
            let isTaken = HandshakeRules.checkResponse(head, to: request).isEmpty && problems.isEmpty
            #expect(isTaken == (vector.result == "acceptable"), "\(vector.offer) and \(vector.answer)")
        }
    }
}
