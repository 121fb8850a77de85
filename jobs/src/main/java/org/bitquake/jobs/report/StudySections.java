package org.bitquake.jobs.report;

import static org.bitquake.jobs.report.Answer.number;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.bitquake.Text;

/** What networks of several training seeds tell: luck in training, and the paper's claims. */
record StudySections(Results results) {

  List<Callable<Optional<Section>>> all() {
    return List.of(
        () -> ask("training-seeds.sql", "cells", "networks").map(StudySections::seeds),
        () -> ask("paper-claims.sql", "cells", "networks").map(StudySections::claims),
        () -> ask("sharper-minima.sql", "sharpness").map(StudySections::sharperMinima));
  }

  private Optional<Answer> ask(String notebook, String... tables) {
    return results.trainings().haveSeeds() ? results.ask(notebook, tables) : Optional.empty();
  }

  private static Section claims(Answer answer) {
    return new Section(
        "The paper's claims",
        "Each claim beside what this campaign measured. Intervals hold for all fault kinds and"
            + " rates at once and contain the luck of training.",
        List.of(Figure.table("Points of accuracy, printed and measured.", answer)));
  }

  private static Section sharperMinima(Answer answer) {
    return new Section(
        "Sharper minima?",
        "Networks of one seed compared, so that the luck of training counts once.",
        List.of(Figure.table("Mean rise of the loss, nats.", answer)));
  }

  private static Section seeds(Answer answer) {
    var methods = answer.distinct("method");
    var styles = Styles.of(methods);
    String caption =
        "Mean over trainings; bands are 95 % intervals for all trainings there could be.";
    var figure =
        methods.size() > Styles.MOST
            ? Figure.table(caption.replace("bands", "low and high"), answer)
            : new Figure(
                caption,
                styles.legend(methods),
                new RatePanels(styles, "method")
                    .ofAccuracies(
                        means(answer),
                        "Mean accuracy over trainings against fault rate",
                        "Accuracy"),
                answer);
    double training = answer.most("sd_training");
    double trials = answer.most("sd_trials");
    return new Section(
        "Luck in training",
        Text.of(
            "Networks that differ in the seed of their training alone are taken together: they"
                + " differ by up to %.1f points (standard deviation), the estimates by up to %.2f.",
            training, trials),
        List.of(figure));
  }

  /** The means over trainings, each with what it says when pointed at. */
  private static RatePanels.Rows means(Answer answer) {
    return new RatePanels.Rows(
        answer,
        row ->
            Text.of(
                "%s, %s %%: %.2f %% (%.2f to %.2f), trainings from %.2f to %.2f %%",
                row.get("method"),
                Numbers.text(row.get("percent_faulty")),
                number(row, "accuracy"),
                number(row, "low"),
                number(row, "high"),
                number(row, "least"),
                number(row, "most")));
  }
}
