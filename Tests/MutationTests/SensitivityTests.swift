import Foundation
import TestSupport
import Testing
import WSCatalogue
import WSKernels
import WSProtocol
import WSScenario

/// The report of what is caught by what is true.
@Suite struct SensitivityTests {
    /// The recorded report; empty if there is none yet.
    private static let recorded: String = {
        let top = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let data = try? Data(contentsOf: top.appending(path: Sensitivity.path))
        return data.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }()

    @Test func `the report has what scenarios and defects give, by a sample of its rows`() async throws {
        let earlier = Golden.isRecording ? [:] : Sensitivity.parse(Self.recorded)
        let isWhole = Golden.isRecording || Sample.isWhole
        let clock = ContinuousClock()
        let start = clock.now
        var both: [(sensitivity: Sensitivity, source: Sensitivity.Source)] = []
        for source in Sensitivity.sources {
            let known = earlier[source.role] ?? Sensitivity(role: source.role)
            let long = Set(source.long.map(\.id))
            let measured = try await Sensitivity.measure(source, keeping: known) { id in
                isWhole || !long.contains(id) && StableHash.fnv1a64(id.utf8) >> 20 % 12 == 0
            }
            both.append((measured, source))
        }
        #expect(Golden.difference(Sensitivity.text(both), fromFile: Sensitivity.path) == nil)
        if isWhole { print("the whole matrix took \(clock.now - start)") }
    }

    @Test func `the report names scenarios and defects that there are, and all of those that can fail`() async throws {
        let parsed = Sensitivity.parse(Self.recorded)
        for source in Sensitivity.sources {
            let caught = try #require(parsed[source.role]).caught
            #expect(Set(caught.keys) == Set((source.scenarios + source.long).map(\.id)))
            let names = Set(source.defects.map(\.name))
            await Sweep.each(of: caught.keys.sorted()) { id in
                #expect(Set(caught[id] ?? []).isSubset(of: names))
                let isListed = Unreached.entries(testing: source.role).contains { entry in
                    Catalogue.scenario(id).map(entry.holds) ?? false
                }
                #expect(caught[id]?.isEmpty == isListed)
            }
        }
    }

    @Test func `the report is short enough to be read on the web`() {
        #expect(Self.recorded.utf8.count < 400_000)
    }
}
