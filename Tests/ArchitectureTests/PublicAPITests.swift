import TestSupport
import Testing

@Suite struct `What is public` {
    /// The modules that are products, and the module of ours that each may show in its signatures.
    static let products: [(module: String, shows: Set<String>)] = [
        ("WSConform", []), ("WSDeflate", []), ("WSProtocol", ["WSDeflate"]),
    ]

    private static func api(of module: String) throws -> PublicAPI {
        PublicAPI(try Checkout.swiftFiles(below: "Sources/\(module)").map { try Checkout.text($0) })
    }

    @Test(arguments: products.map(\.module))
    func `A change of what is public is seen`(module: String) throws {
        let text = try Self.api(of: module).lines.joined(separator: "\n") + "\n"
        let difference = Golden.difference(text, from: "\(module).txt")
        #expect(difference == nil)
    }

    @Test func `Modules that are no products show nothing`() throws {
        // What libFuzzer calls is public, too.
        let products = Set(Self.products.map(\.module) + ["WSFuzzABI"])
        for module in ModuleTable.all where !products.contains(module.name) {
            #expect(try Self.api(of: module.name).lines.isEmpty, "\(module.name) has public declarations")
        }
    }

    @Test func `The manifest makes products of them`() throws {
        let manifest = try Checkout.text("Package.swift")
        for product in Self.products {
            let line = ".library(name: \"\(product.module)\", targets: [\"\(product.module)\"])"
            #expect(manifest.contains(line), "Package.swift has no \(line)")
        }
    }

    @Test func `No type of another module is in a signature`() throws {
        for module in ModuleTable.all {
            let allowed = Self.products.first { $0.module == module.name }?.shows ?? []
            for path in try Checkout.swiftFiles(below: "Sources/\(module.name)") {
                let lines = try Checkout.text(path).split(separator: "\n")
                // An import that is not public keeps the compiler from letting a type through.
                let shown = lines.filter { $0.hasPrefix("public import ") }.map { String($0.dropFirst(14)) }
                #expect(Set(shown).isSubset(of: allowed), "\(path) shows \(shown.joined(separator: ", "))")
                #expect(!lines.contains { $0.contains("@_exported ") }, "\(path) exports what it imports")
            }
        }
    }

    @Test func `Declarations are found with the types around them`() {
        let text = """
            /// A.
            public enum A: String {
                /// One.
                case one, two
                /// B.
                public struct B {
                    public private(set) var c: Int = 1
                    var d = "} public var"
                    public init(
                        e: Int = 1,
                        f: String
                    ) throws(E) { let g = 1 }
                }
                private enum H { case hidden }
                public var i: Int { switch self { case .one: 1 } }
            }
            enum J { case hidden }
            extension A.B {
                public static func == (left: Self, right: Self) -> Bool { true }
            }
            """
        #expect(
            PublicAPI([text]).lines == [
                "A / B / public init(e: Int = 1, f: String) throws(E)",
                "A / B / public private(set) var c: Int",
                "A / case one, two", "A / public struct B", "A / public var i: Int",
                "A.B / public static func == (left: Self, right: Self) -> Bool", "public enum A: String",
            ]
        )
    }
}
