import java.io.File;
import java.io.PrintStream;
import org.omegat.core.Core;
import org.omegat.core.data.NotLoadedProject;
import org.omegat.core.data.ProjectProperties;
import org.omegat.gui.glossary.GlossaryEntry;
import org.omegat.gui.glossary.GlossaryReaderTBX;
import org.omegat.util.Language;

/** Prints the term pairs that OmegaT reads from a TBX file: FILE, a folder for the project, source and target language. */
public class OmegatTerms {
    public static void main(String[] arguments) throws Exception {
        ProjectProperties properties = new ProjectProperties(new File(arguments[1]));
        properties.setSourceLanguage(new Language(arguments[2]));
        properties.setTargetLanguage(new Language(arguments[3]));
        Core.setProject(new NotLoadedProject() {
            @Override
            public ProjectProperties getProjectProperties() {
                return properties;
            }
        });
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        for (GlossaryEntry entry : GlossaryReaderTBX.read(new File(arguments[0]), false)) {
            out.println(entry.getSrcText() + "\t" + entry.getLocText());
        }
    }
}
