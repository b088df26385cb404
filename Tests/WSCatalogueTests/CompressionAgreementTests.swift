import TestSupport
import Testing
import WSCatalogue
import WSProtocol
import WSScenario

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is known about Autobahn's cases with compressed messages, as `autobahn-compression.json` has it.
struct CompressionFacts: Decodable, Sendable {
    /// A case; the length counts octets or code points, and a fragment of 0 stands for one frame.
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        var id: String
        var op: UInt8
        var count: Int
        var length: Int
        var fragment: Int
        var data: String
        var seconds: Int

        var testDescription: String { id }
        var section: String { id.split(separator: ".").prefix(2).joined(separator: ".") }
    }

    /// What a section offers as a client, and what it answers as a server to some offers.
    struct Parameters: Decodable, Sendable {
        var offer: String
        var answers: [String: String?]
    }

    var negotiations: [String: Parameters]
    var cases: [Case]

    static let all: CompressionFacts = {
        do {
            let json = try Data(contentsOf: URL(filePath: Fixtures.folder + "/autobahn-compression.json"))
            return try JSONDecoder().decode(CompressionFacts.self, from: json)
        } catch {
            preconditionFailure("autobahn-compression.json: \(error)")
        }
    }()
}

@Suite struct CompressionAgreementTests {
    private static let facts = CompressionFacts.all

    @Test func `every case of sections 12 and 13 has one scenario, in Autobahn's order, so that all 517 have one`() {
        let compressed = Catalogue.autobahnOrder.filter { $0.compression != nil }
        #expect(compressed.compactMap(\.autobahn?.number) == Self.facts.cases.map(\.id))
        #expect(Catalogue.autobahnOrder.count == 517)
    }

    @Test
    func `a scenario sends as many messages of the same kind as its Autobahn case, in the same frames`() async {
        let kinds: [String: SampleData] = [
            "json": .json, "bmp": .bitmap, "txt": .prose, "html": .markup, "pdf": .document,
        ]
        await Sweep.each(of: Self.facts.cases) { fact in
            let scenario = try #require(Catalogue.all.first { $0.autobahn?.number == fact.id })
            #expect(scenario.targets == [.client, .server])
            guard case .echoLoop(let loop)? = scenario.script.first, scenario.script.count == 1 else {
                Issue.record("\(scenario.script)")
                return
            }
            #expect(loop.opcode.rawValue == fact.op)
            #expect(loop.fullCount == fact.count)
            // A message refers to one that has come, and to one that referred to another.
            #expect((3...20).contains(loop.quickCount))
            #expect(loop.compression == EchoLoop.Compression(fragmentLength: fact.fragment == 0 ? nil : fact.fragment))
            for payload in loop.payloads {
                guard case .sample(let slice) = payload else {
                    Issue.record("\(payload)")
                    continue
                }
                #expect(slice.data == kinds[fact.data] && slice.length == fact.length)
            }
        }
    }

    @Test
    func `a scenario carries the expectations of its Autobahn case`() async {
        await Sweep.each(of: Self.facts.cases) { fact in
            let scenario = try #require(Catalogue.all.first { $0.autobahn?.number == fact.id })
            let loop = try #require(scenario.echoLoop)
            let echoes = ExpectedEvent.echoes(loop.opcode, loop.payload)
            let expected = AutobahnCase(
                fact.id,
                expected: [AutobahnExpectation("OK", [echoes])],
                closedByTester: true,
                closeCodes: [1000],
                requiresCleanClose: true,
                comparesWhileReceiving: true,
                deadline: .close(milliseconds: fact.seconds * 1000),
                closesWhenComplete: false
            )
            #expect(scenario.autobahn == expected)
            #expect(scenario.expectedEvents == [echoes] && scenario.needs == .echo)
            #expect(scenario.conclusion == .closeWhenComplete && !scenario.comparesEchoesByLength)
            #expect(scenario.compression == CompressionNeed())
        }
    }

    @Test
    func `a scenario offers what its Autobahn case offers, and answers what it answers`() async throws {
        await Sweep.each(of: Self.facts.cases) { fact in
            let scenario = try #require(Catalogue.all.first { $0.autobahn?.number == fact.id })
            let parameters = try #require(Self.facts.negotiations[fact.section])
            guard case .negotiating(let opening) = scenario.opening else {
                Issue.record("\(scenario.opening)")
                return
            }
            #expect(opening.offers.map(\.element.text).joined(separator: ", ") == parameters.offer)
            for (offer, answer) in parameters.answers {
                let ours = opening.answer(to: try #require(ExtensionHeader.parse(offer)))?.parameters
                let theirs = answer.flatMap { ExtensionHeader.parse($0)?.first }.flatMap {
                    DeflateAnswer($0)?.parameters
                }
                #expect(ours == theirs, "\(offer)")
            }
        }
    }
}
