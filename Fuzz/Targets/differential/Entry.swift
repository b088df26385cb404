import FuzzHarness
import WSFuzzing

private nonisolated(unsafe) var body = {
    var body = DifferentialBody()
    // To measure how soon a mistake is found; a name that is none must not look like a clean run.
    if let name = Harness.environment("WSCONFORM_FUZZ_FAULT") {
        guard let fault = PlantedFault(rawValue: name) else {
            let names = PlantedFault.allCases.map(\.rawValue).joined(separator: ", ")
            fatalError("WSCONFORM_FUZZ_FAULT: no fault '\(name)'; there are \(names)")
        }
        body.fault = fault
    }
    return body
}()

/// Called by libFuzzer with each input.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ octets: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe Harness.run(&body, octets, count)
}
