import Foundation
import TestSupport
import Testing
import WSReport

@testable import WSRender

@Suite("Forms of a report")
struct RendererTests {
    @Test("Each renderer has a name of its own and a place in the list")
    func names() {
        let names = Renderers.all.map { $0.name }
        #expect(names == names.sorted())
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { !$0.isEmpty && !$0.contains(",") })
        #expect(Renderers.all.allSatisfy { !$0.product.isEmpty })
    }

    @Test("Names are taken with commas, each once")
    func list() throws {
        #expect(try Renderers.named("junit,badge,junit").map { $0.name } == ["junit", "badge"])
    }

    @Test("An unknown name is told with the list", arguments: ["", "pdf", "junit,,badge", "junit, badge", "JUNIT"])
    func unknown(name: String) {
        let error = #expect(throws: RenderError.self) { try Renderers.named(name) }
        #expect(error?.description.hasSuffix(" is no form of a report; name some of \(Renderers.names)") == true)
    }

    @Test("No two renderers write the same file, and each stays in its folder, whatever the peer is called")
    func paths() throws {
        let reports = [RenderSamples.ordinary, RenderSamples.hostileReport]
        for chosen in [reports, [reports[0]], [reports[1]]] {
            let paths = try Renderers.all.flatMap { Set(try $0.render(chosen).map(\.path)) }
            #expect(Set(paths).count == paths.count)
            #expect(paths.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9_-]+\.[a-z]+/) != nil })
            #expect(!paths.contains("report.json"))
        }
    }

    @Test("The file of a report of one peer has its mark near the beginning, whatever the peer is called")
    func marks() throws {
        for report in [RenderSamples.ordinary, RenderSamples.clean, RenderSamples.hostileReport] {
            for renderer in Renderers.all {
                let file = try #require(try renderer.render([report]).first { $0.path == renderer.file.name })
                #expect(renderer.file.isOwn(Array(file.octets.prefix(8_192))), "\(renderer.name)")
                #expect(!renderer.file.isOwn(Array("# mine".utf8)))
            }
        }
    }

    @Test("The same reports give the same octets")
    func deterministic() throws {
        let reports = [RenderSamples.ordinary, RenderSamples.hostileReport]
        for renderer in Renderers.all {
            #expect(try renderer.render(reports) == renderer.render(reports))
        }
    }
}
